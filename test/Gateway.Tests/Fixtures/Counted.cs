using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>What one gateway has counted of something, since the test began to look.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    /// <param name="onCounted">Called at each count, while it is made.</param>
    internal Counted(ChatServer chat, string instrument, Action? onCounted = null)
    {
        var meters = chat.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            onCounted?.Invoke();
            Interlocked.Add(ref _count, value);
        });
        _listener.Start();
    }

    internal long Value => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
