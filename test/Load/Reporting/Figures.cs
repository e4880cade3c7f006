using System.Text.Json.Nodes;
using OrleansChat.Load.Measuring;

namespace OrleansChat.Load.Reporting;

/// <summary>What one round measured, in the order in which it is shown. Units stand in the names.</summary>
internal sealed class Figures
{
    private readonly List<(string Name, double Value)> _values = [];

    internal IReadOnlyList<(string Name, double Value)> All => _values;

    internal double this[string name] => _values.Find(figure => figure.Name == name).Value;

    /// <exception cref="LoadException">The value is not a number: what it is counted per was not there once.</exception>
    internal Figures Add(string name, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new LoadException($"{name} cannot be told: nothing of it was measured. Measure for longer (--duration), or ask for more.");
        }

        _values.Add((name, value));
        return this;
    }

    /// <summary>Percentiles in milliseconds.</summary>
    internal Figures Add(string name, LatencyHistogram latencies) => this
        .Add(name + "P50Ms", latencies.Percentile(50).TotalMilliseconds)
        .Add(name + "P90Ms", latencies.Percentile(90).TotalMilliseconds)
        .Add(name + "P99Ms", latencies.Percentile(99).TotalMilliseconds)
        .Add(name + "P999Ms", latencies.Percentile(99.9).TotalMilliseconds)
        .Add(name + "MaxMs", latencies.Max.TotalMilliseconds);

    /// <summary>Each figure's median over rounds.</summary>
    internal static Figures MedianOf(IReadOnlyList<Figures> rounds)
    {
        var median = new Figures();
        foreach (var (name, _) in rounds[0]._values)
        {
            double[] values = [.. rounds.Select(round => round[name]).Order()];
            var middle = values.Length / 2;
            median.Add(name, values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
        }

        return median;
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in _values)
        {
            json[name] = Round(value);
        }

        return json;
    }

    internal static double Round(double value) => Math.Round(value, Math.Abs(value) < 1 ? 4 : 2);
}
