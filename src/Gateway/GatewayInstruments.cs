using System.Diagnostics.Metrics;

namespace OrleansChat.Gateway;

/// <summary>What the gateway counts (meter <c>OrleansChat.Gateway</c>).</summary>
internal sealed class GatewayInstruments
{
    internal const string MeterName = "OrleansChat.Gateway";

    private readonly UpDownCounter<long> _sessions;
    private readonly Counter<long> _framesWritten;
    private readonly Counter<long> _framesDropped;
    private readonly Counter<long> _queueOverflows;
    private readonly Counter<long> _slowSessions;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _renewals;
    private readonly Histogram<double> _callDuration;

    public GatewayInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _sessions = meter.CreateUpDownCounter<long>("chat.gateway.sessions", "{session}", "Live sessions.");
        _framesWritten = meter.CreateCounter<long>("chat.gateway.frames.written", "{frame}", "Frames handed to sockets; several may leave in one write.");
        _framesDropped = meter.CreateCounter<long>("chat.gateway.frames.dropped", "{frame}", "Ephemeral frames not queued because the session was half behind.");
        _queueOverflows = meter.CreateCounter<long>("chat.gateway.queue.overflows", "{overflow}", "Session queues replaced by one resync.");
        _slowSessions = meter.CreateCounter<long>("chat.gateway.sessions.slow", "{session}", "Sessions closed because they did not take a write in time.");
        _gaps = meter.CreateCounter<long>("chat.gateway.gaps", "{gap}", "Conversations of which changes were read from the log because their events were missing.");
        _deliveries = meter.CreateCounter<long>("chat.gateway.deliveries", "{frame}", "Frames queued for sessions by fan-out.");
        _renewals = meter.CreateCounter<long>("chat.gateway.client.renewals", "{renewal}", "Orleans clients replaced because no events reached them.");
        _callDuration = meter.CreateHistogram<double>("chat.gateway.call.duration", "ms", "Time of hub calls from arrival to answer.");
    }

    internal void OnSessionBegan() => _sessions.Add(1);

    internal void OnSessionEnded() => _sessions.Add(-1);

    internal void OnFramesWritten(int frames) => _framesWritten.Add(frames);

    internal void OnFrameDropped() => _framesDropped.Add(1);

    internal void OnQueueOverflowed() => _queueOverflows.Add(1);

    internal void OnSlowSessionClosed() => _slowSessions.Add(1);

    internal void OnGapRead() => _gaps.Add(1);

    internal void OnClientRenewed() => _renewals.Add(1);

    internal void OnDelivered(int sessions) => _deliveries.Add(sessions);

    internal void OnCallAnswered(string method, bool ok, TimeSpan duration) =>
        _callDuration.Record(duration.TotalMilliseconds, new("method", method), new("ok", ok));
}
