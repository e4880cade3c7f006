using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansChat.Load.Measuring;
using Spectre.Console;

namespace OrleansChat.Load.Reporting;

/// <summary>
/// One run: a table for people on standard error, and one line of JSON for machines on standard output, with everything
/// that the figures depend on.
/// </summary>
/// <param name="scenario">What was run.</param>
/// <param name="options">The options in force.</param>
/// <param name="slope">The results are of one server under a growing load: also says the last one's figures divided by the first one's.</param>
internal sealed class RunReport(string scenario, JsonObject options, bool slope = false)
{
    private static readonly IAnsiConsole People = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private readonly JsonObject _machine = Machine.Describe();
    private readonly List<(string Name, List<Figures> Rounds)> _results = [];

    /// <summary>What is being done, for whoever watches.</summary>
    internal static void Say(string step) => People.MarkupLineInterpolated($"[grey]{DateTime.UtcNow:HH:mm:ss}[/] {step}");

    internal void Add(string name, Figures figures)
    {
        var result = _results.Find(candidate => candidate.Name == name);
        if (result.Rounds is null)
        {
            _results.Add((name, [figures]));
        }
        else
        {
            result.Rounds.Add(figures);
        }
    }

    internal void Write()
    {
        var medians = _results.ConvertAll(result => (result.Name, Figures: Figures.MedianOf(result.Rounds)));
        lock (People)
        {
            WriteTable(medians);
            Console.Out.WriteLine(ToJson(medians).ToJsonString(JsonSerializerOptions.Default));
        }
    }

    private JsonObject ToJson(List<(string Name, Figures Figures)> medians)
    {
        var json = new JsonObject { ["scenario"] = scenario, ["options"] = options.DeepClone(), ["machine"] = _machine.DeepClone() };
        if (_results is [var (only, rounds)] && rounds.Count == 1)
        {
            json["server"] = only;
            json["figures"] = rounds[0].ToJson();
            return json;
        }

        json["results"] = new JsonArray([.. _results.Select((result, i) => (JsonNode)new JsonObject
        {
            ["server"] = result.Name,
            ["median"] = medians[i].Figures.ToJson(),
            ["rounds"] = new JsonArray([.. result.Rounds.Select(round => (JsonNode)round.ToJson())]),
        })]);
        if (Comparison is { } comparison)
        {
            var ratios = new JsonObject();
            foreach (var (name, _) in medians[0].Figures.All)
            {
                if (Compared(medians, name) is { } ratio)
                {
                    ratios[name] = Figures.Round(ratio);
                }
            }

            json[comparison == "ratio" ? "ratios" : comparison] = ratios;
        }

        return json;
    }

    private void WriteTable(List<(string Name, Figures Figures)> medians)
    {
        var rounds = _results.Max(result => result.Rounds.Count);
        var table = new Table().Title(rounds == 1 ? scenario : $"{scenario} (medians of {rounds} rounds)").AddColumn("");
        foreach (var (name, _) in medians)
        {
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        }

        if (Comparison is { } comparison)
        {
            table.AddColumn(new TableColumn(comparison).RightAligned());
        }

        foreach (var (name, _) in medians[0].Figures.All)
        {
            List<string> cells = [name, .. medians.Select(result => Text(result.Figures[name]))];
            if (Comparison is not null)
            {
                cells.Add(Compared(medians, name) is { } ratio ? Text(ratio) : "");
            }

            table.AddRow([.. cells]);
        }

        People.Write(table);
    }

    /// <summary>What the last column is called; null when there is nothing to compare.</summary>
    private string? Comparison => slope && _results.Count > 1 ? "slope" : _results.Count == 2 ? "ratio" : null;

    private double? Compared(List<(string Name, Figures Figures)> medians, string name) => slope
        ? Ratio(medians[^1].Figures[name], medians[0].Figures[name])
        : Ratio(medians[0].Figures[name], medians[1].Figures[name]);

    private static double? Ratio(double value, double other) => value > 0 && other > 0 ? value / other : null;

    private static string Text(double value) => Figures.Round(value).ToString("#,0.####", CultureInfo.InvariantCulture);
}
