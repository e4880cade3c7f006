using System.Diagnostics.Metrics;
using OrleansChat.Grains.Hosting;

namespace OrleansChat.Grains.Search;

/// <summary>What the search index counts (meter <c>OrleansChat.Grains</c>).</summary>
internal sealed class SearchInstruments
{
    private readonly TimeProvider _time;
    private readonly Counter<long> _indexed;
    private long _caughtUpAt;

    public SearchInstruments(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _caughtUpAt = time.GetTimestamp();
        var meter = meters.Create(GrainInstruments.MeterName);
        _indexed = meter.CreateCounter<long>("chat.search.indexed", "{change}", "Changes of the log that the search index went through.");
        meter.CreateObservableGauge(
            "chat.search.lag", () => _time.GetElapsedTime(Volatile.Read(ref _caughtUpAt)).TotalSeconds, "s",
            "Time since this process last found the search index level with the log.");
    }

    internal void OnIndexed(int revs) => _indexed.Add(revs);

    internal void OnCaughtUp() => Volatile.Write(ref _caughtUpAt, _time.GetTimestamp());
}
