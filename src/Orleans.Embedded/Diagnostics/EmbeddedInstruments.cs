using System.Diagnostics.Metrics;

namespace Orleans.Embedded.Diagnostics;

/// <summary>What a host counts, in the meter <c>Orleans.Embedded</c>.</summary>
internal sealed class EmbeddedInstruments
{
    internal const string MeterName = "Orleans.Embedded";

    private readonly Counter<long> _callsTimedOut;
    private readonly Counter<long> _activationFailures;
    private readonly Counter<long> _streamEventsDropped;
    private int _activations;

    public EmbeddedInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "orleans_embedded.activations", () => Activations, "{activation}", "Grains in memory.");
        _callsTimedOut = meter.CreateCounter<long>(
            "orleans_embedded.calls.timed_out", "{call}", "Calls whose caller waited in vain.");
        _activationFailures = meter.CreateCounter<long>(
            "orleans_embedded.activations.failed", "{activation}", "Grains whose construction or OnActivateAsync threw.");
        _streamEventsDropped = meter.CreateCounter<long>(
            "orleans_embedded.stream.events.dropped", "{event}", "Events that a subscriber did not get because its queue was full or it was of another type.");
    }

    /// <summary>Grains in memory, including those that are being activated or ended.</summary>
    internal int Activations => Volatile.Read(ref _activations);

    internal void OnActivationBegins() => Interlocked.Increment(ref _activations);

    /// <summary>Returns how many are left.</summary>
    internal int OnActivationEnded() => Interlocked.Decrement(ref _activations);

    internal void OnCallTimedOut() => _callsTimedOut.Add(1);

    internal void OnActivationFailed() => _activationFailures.Add(1);

    internal void OnStreamEventDropped() => _streamEventsDropped.Add(1);
}
