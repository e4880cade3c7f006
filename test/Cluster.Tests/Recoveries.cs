using System.Globalization;
using OrleansChat.Checker;

namespace OrleansChat.Cluster.Tests;

/// <summary>Durations in seconds, and what to say of them.</summary>
internal sealed class Durations
{
    private readonly List<double> _seconds = [];

    internal int Count => _seconds.Count;

    internal double Max => _seconds.Count == 0 ? 0 : _seconds.Max();

    internal void Add(double seconds) => _seconds.Add(seconds);

    internal void AddRange(IEnumerable<double> seconds) => _seconds.AddRange(seconds);

    internal double Percentile(int percent)
    {
        var sorted = _seconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"n {Count}, p50 {Percentile(50):0.00} s, p95 {Percentile(95):0.00} s, p99 {Percentile(99):0.00} s, max {Max:0.00} s");
}

/// <summary>What a fault cost, told from the history alone.</summary>
internal static class Recoveries
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>An accepted send that takes longer than this was delayed by the fault.</summary>
    private const double DelayedSeconds = 1;

    /// <summary>
    /// For every conversation that the fault touched, the time from the fault to the first accepted send that was begun after it.
    /// Touched: until then an attempt went unanswered or was put off, or it took longer than a second.
    /// </summary>
    internal static IEnumerable<double> OfSends(IReadOnlyList<HistoryEntry> history, long fault, long until)
    {
        foreach (var conversation in history.Where(entry => entry.Op == Operation.Post && entry.T <= until).GroupBy(entry => entry.Conversation))
        {
            var begun = new Dictionary<Guid, long>();
            var troubled = false;
            double? accepted = null;
            foreach (var entry in conversation)
            {
                switch (entry.Phase)
                {
                    case Phase.Invoke:
                        begun[entry.Id] = entry.T;
                        break;
                    case Phase.Info when entry.T > fault:
                        troubled = true;
                        break;
                    case Phase.Ok when begun[entry.Id] > fault:
                        accepted = (entry.T - fault) / MicrosecondsPerSecond;
                        break;
                }

                if (accepted is not null)
                {
                    break;
                }
            }

            if (accepted is { } seconds && (troubled || seconds > DelayedSeconds))
            {
                yield return seconds;
            }
            else if (accepted is null && troubled)
            {
                yield return (until - fault) / MicrosecondsPerSecond;
            }
        }
    }

    /// <summary>For every client of a gateway that was killed, the time until it had caught up on another one.</summary>
    internal static IEnumerable<double> OfClients(IEnumerable<ChatClient> clients, Uri gateway, long fault)
    {
        foreach (var client in clients)
        {
            var connects = client.Connects;
            if (connects.LastOrDefault(connect => connect.T <= fault) is { Gateway: { } used } && used == gateway)
            {
                yield return connects.FirstOrDefault(connect => connect.T > fault) is { T: > 0 } back
                    ? (back.T - fault) / MicrosecondsPerSecond
                    : double.PositiveInfinity;
            }
        }
    }

    /// <summary>
    /// From the acknowledgement of a message to its being shown by another client; 0 when it was shown earlier. Without what
    /// somebody who joined later read of the time before.
    /// </summary>
    internal static Durations OfDeliveries(IReadOnlyList<HistoryEntry> history, long from)
    {
        var acked = history.Where(entry => entry is { Op: Operation.Post, Phase: Phase.Ok } && entry.T >= from)
            .GroupBy(entry => entry.Id).ToDictionary(post => post.Key, post => post.First().T);
        var added = history.Where(entry => entry.Op == Operation.Add).ToDictionary(add => (add.Conversation, add.Author), add => add.T);
        var durations = new Durations();
        foreach (var applied in history.Where(entry => entry.Op == Operation.Apply && entry.User != entry.Author))
        {
            if (acked.TryGetValue(applied.Id, out var ack) && ack > added.GetValueOrDefault((applied.Conversation, applied.User)))
            {
                durations.Add(Math.Max(0, (applied.T - ack) / MicrosecondsPerSecond));
            }
        }

        return durations;
    }
}
