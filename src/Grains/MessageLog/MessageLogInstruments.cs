using System.Diagnostics.Metrics;

namespace OrleansChat.Grains.MessageLog;

/// <summary>What the durable store counts; meter <c>OrleansChat.MessageLog</c>.</summary>
internal sealed class MessageLogInstruments : IDisposable
{
    internal const string MeterName = "OrleansChat.MessageLog";

    /// <summary>Commits take milliseconds; an exporter's own buckets would begin at seconds.</summary>
    private static readonly InstrumentAdvice<double> CommitBuckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    };

    private readonly Counter<long> _appends;
    private readonly Counter<long> _marks;
    private readonly Histogram<int> _commitRows;
    private readonly Histogram<double> _commitSeconds;
    private readonly Counter<long> _unavailable;
    private readonly UpDownCounter<long> _queued;

    internal MessageLogInstruments()
    {
        _appends = Meter.CreateCounter<long>("chat.log.appends", "{append}", "Appends answered, by outcome.");
        _marks = Meter.CreateCounter<long>("chat.log.read_marks", "{mark}", "Read marks answered.");
        _commitRows = Meter.CreateHistogram<int>("chat.log.commit.rows", "{row}", "Log rows written by one commit.");
        _commitSeconds = Meter.CreateHistogram(
            "chat.log.commit.duration", "s", "Time from the first statement of a commit to its durable end.", advice: CommitBuckets);
        _unavailable = Meter.CreateCounter<long>("chat.log.unavailable", "{write}", "Writes that the store could not answer.");
        _queued = Meter.CreateUpDownCounter<long>("chat.log.queue.length", "{write}", "Writes that wait for a commit.");
    }

    internal Meter Meter { get; } = new(MeterName);

    public void Dispose() => Meter.Dispose();

    internal void OnQueued() => _queued.Add(1);

    internal void OnTaken(int writes) => _queued.Add(-writes);

    internal void OnCommitted(int rows, TimeSpan elapsed)
    {
        _commitRows.Record(rows);
        _commitSeconds.Record(elapsed.TotalSeconds);
    }

    internal void OnAppended(AppendResult result) => _appends.Add(1, result switch
    {
        AppendResult.Appended => Outcome.Appended,
        AppendResult.Fenced => Outcome.Fenced,
        AppendResult.Duplicates => Outcome.Duplicates,
        _ => Outcome.Rejected,
    });

    internal void OnMarkedRead() => _marks.Add(1);

    internal void OnUnavailable(int writes) => _unavailable.Add(writes);

    private static class Outcome
    {
        internal static readonly KeyValuePair<string, object?> Appended = new("outcome", "appended");
        internal static readonly KeyValuePair<string, object?> Fenced = new("outcome", "fenced");
        internal static readonly KeyValuePair<string, object?> Duplicates = new("outcome", "duplicates");
        internal static readonly KeyValuePair<string, object?> Rejected = new("outcome", "rejected");
    }
}
