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
internal sealed class RunReport(string scenario, JsonObject options)
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
        WriteTable(medians);
        Console.Out.WriteLine(ToJson(medians).ToJsonString(JsonSerializerOptions.Default));
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
        if (medians.Count == 2)
        {
            var ratios = new JsonObject();
            foreach (var (name, value) in medians[0].Figures.All)
            {
                if (Ratio(value, medians[1].Figures[name]) is { } ratio)
                {
                    ratios[name] = Figures.Round(ratio);
                }
            }

            json["ratios"] = ratios;
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

        if (medians.Count == 2)
        {
            table.AddColumn(new TableColumn("ratio").RightAligned());
        }

        foreach (var (name, value) in medians[0].Figures.All)
        {
            List<string> cells = [name, .. medians.Select(result => Text(result.Figures[name]))];
            if (medians.Count == 2)
            {
                cells.Add(Ratio(value, medians[1].Figures[name]) is { } ratio ? Text(ratio) : "");
            }

            table.AddRow([.. cells]);
        }

        People.Write(table);
    }

    private static double? Ratio(double value, double other) => value > 0 && other > 0 ? value / other : null;

    private static string Text(double value) => Figures.Round(value).ToString("#,0.####", CultureInfo.InvariantCulture);
}
