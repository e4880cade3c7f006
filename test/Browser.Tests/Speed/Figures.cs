using System.Globalization;
using System.Text;

namespace OrleansChat.Browser.Tests.Speed;

/// <summary>What was measured, in a file beside the pictures of pages: <c>speed.md</c>.</summary>
internal sealed class Figures
{
    private readonly StringBuilder _lines = new("| | n | p50 | p95 | worst | aim |\n| --- | --- | --- | --- | --- | --- |\n");

    internal void Add(string what, IReadOnlyCollection<double> milliseconds, string aim = "") =>
        Line(what, milliseconds.Count.ToString(CultureInfo.InvariantCulture), $"{At(milliseconds, 0.5):F1} ms", $"{At(milliseconds, 0.95):F1} ms", $"{milliseconds.Max():F1} ms", aim);

    internal void Add(string what, IReadOnlyCollection<Opening> openings, string aim)
    {
        Add($"{what}: pressed until painted", [.. openings.Select(static each => each.Pressed)]);
        Add($"{what}: released until painted", [.. openings.Select(static each => each.Released)], aim);
        Add($"{what}: released until open", [.. openings.Select(static each => each.Opened)]);
    }

    internal void Add(string what, string value, string aim) => Line(what, "1", value, "", "", aim);

    /// <summary>Where they stand, as far as they are known.</summary>
    internal static string Path { get; } = System.IO.Path.Combine(Directory.GetParent(Person.Pictures)!.FullName, "speed.md");

    internal static double At(IReadOnlyCollection<double> values, double share) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * share)));

    private void Line(params IEnumerable<string> cells)
    {
        _lines.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        File.WriteAllText(Path, _lines.ToString());
    }
}
