using System.Diagnostics.Metrics;

namespace OrleansChat.Orleans.Embedded.Tests.Testing;

/// <summary>Watches one instrument of one host.</summary>
internal sealed class MeterCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _value;

    public MeterCount(IMeterFactory meters, string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && published.Meter.Scope == meters)
                listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => Interlocked.Add(ref _value, value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _value, value));
        _listener.Start();
    }

    public long Value => Interlocked.Read(ref _value);

    public long Observe()
    {
        _listener.RecordObservableInstruments();
        return Value;
    }

    public void Dispose() => _listener.Dispose();
}
