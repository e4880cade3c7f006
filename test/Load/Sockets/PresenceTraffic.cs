using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Sockets;

/// <summary>How many people change how they are seen, and how many look at each.</summary>
internal sealed record PresencePlan
{
    /// <summary>Everybody has a session, and watches.</summary>
    internal required int Sessions { get; init; }

    /// <summary>How many neighbours each session watches; as many watch each person.</summary>
    internal required int Watched { get; init; }

    internal required double ChangesPerMinute { get; init; }

    internal required TimeSpan WarmUp { get; init; }

    internal required TimeSpan Duration { get; init; }
}

/// <summary>
/// Each person in turn becomes away or do-not-disturb, on a fixed timetable; every change must reach everybody who watches the
/// person. A latency counts from when the change was due, and so holds the wait for the viewer's packet of the second.
/// </summary>
internal sealed class PresenceTraffic(PresencePlan plan, RunningServer server)
{
    /// <summary>A prime: people change all over the tenant, not one neighbour after the other, whose changes would share packets.</summary>
    private const long Stride = 16_273;

    private static readonly TimeSpan WatchTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTimeMax = TimeSpan.FromSeconds(15);

    private readonly LatencyHistogram _deliveries = new();
    private readonly LatencyHistogram _sendLag = new();
    private readonly long[] _dueAt = new long[plan.Sessions];
    private readonly bool[] _away = new bool[plan.Sessions];
    private long _watching;
    private long _answered;
    private long _delivered;
    private long _packets;
    private long _resyncs;
    private string? _refusal;
    private bool _measuring;

    internal async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        using var fleet = new Fleet();
        RunReport.Say($"{plan.Sessions:N0} sessions connect, and each watches {plan.Watched:N0} people");
        await fleet.ConnectAsync(server, plan.Sessions, 1, OnRecord, cancellationToken);
        foreach (var session in fleet.Sessions)
        {
            var users = string.Join("\",\"", Enumerable.Range(1, plan.Watched).Select(next => LoadTenant.User((session.Index + next) % plan.Sessions).Value));
            session.Send(Encoding.UTF8.GetBytes($$"""{"type":1,"invocationId":"w","target":"Watch","arguments":[{"users":["{{users}}"]}]}{{'\u001e'}}"""));
        }

        await UntilAsync(() => Volatile.Read(ref _watching) == plan.Sessions, WatchTimeMax, cancellationToken);
        var start = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        var timetable = new Timetable(start, plan.ChangesPerMinute / 60);
        var firstMeasured = timetable.ArrivalsWithin(plan.WarmUp);
        var changes = timetable.ArrivalsWithin(plan.WarmUp + plan.Duration);
        RunReport.Say($"{plan.ChangesPerMinute:N0} changes/min: {plan.WarmUp.TotalSeconds:N0} s to warm up, {plan.Duration.TotalSeconds:N0} s measured");
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Send(fleet, start, timetable, changes, firstMeasured, ended)) { IsBackground = true, Name = "timetable" }.Start();

        await DelayUntilAsync(timetable.DueAt(firstMeasured), cancellationToken);
        _measuring = true;
        var before = Meter();
        await DelayUntilAsync(timetable.DueAt(changes), cancellationToken);
        var after = Meter();
        await UntilAsync(() => Volatile.Read(ref _delivered) >= changes * plan.Watched, DrainTimeMax, cancellationToken);
        ended.TrySetResult();
        return Report(changes, before, after, fleet.Open);
    }

    private (double Cpu, long Packets, long Delivered, long At) Meter() =>
        (server.Server.CpuSeconds() + (server.Store?.Database?.CpuSeconds() ?? 0), Volatile.Read(ref _packets), Volatile.Read(ref _delivered), Stopwatch.GetTimestamp());

    private static Task DelayUntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? Task.Delay(left, cancellationToken) : Task.CompletedTask;
    }

    private async Task UntilAsync(Func<bool> isSo, TimeSpan timeMax, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo() && _refusal is null && !server.Server.HasEnded && Stopwatch.GetElapsedTime(began) < timeMax)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>The timetable's thread: whatever is due next, a change or somebody's ping, until the run has ended.</summary>
    private void Send(Fleet fleet, long start, Timetable timetable, long changes, long firstMeasured, TaskCompletionSource ended)
    {
        var pings = new Timetable(start, fleet.Sessions.Count / Fleet.PingInterval.TotalSeconds);
        long change = 0, ping = 0;
        while (!ended.Task.IsCompleted)
        {
            var changeDue = change < changes ? timetable.DueAt(change) : long.MaxValue;
            var pingDue = pings.DueAt(ping);
            Timetable.SleepUntil(Math.Min(changeDue, pingDue));
            if (pingDue < changeDue)
            {
                fleet.Sessions[(int)(ping++ % fleet.Sessions.Count)].Ping();
                continue;
            }

            if (change >= firstMeasured)
            {
                _sendLag.Record(Stopwatch.GetElapsedTime(changeDue));
            }

            var person = (int)(change * Stride % plan.Sessions);
            Volatile.Write(ref _away[person], change / plan.Sessions % 2 == 0);
            Volatile.Write(ref _dueAt[person], changeDue);
            fleet.Sessions[person].Send(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"type":1,"invocationId":"{{change}}","target":"SetStatus","arguments":[{"status":"{{(_away[person] ? "away" : "dnd")}}"}]}{{'\u001e'}}""")));
            change++;
        }
    }

    private void OnRecord(LeanSession session, ReadOnlySpan<byte> record, long receivedAt)
    {
        if (record.StartsWith("{\"type\":1,\"target\":\"presence\""u8))
        {
            OnPresence(record, receivedAt);
        }
        else if (record.StartsWith("{\"type\":3"u8))
        {
            if (record.IndexOf("\"ok\":true"u8) < 0)
            {
                _refusal ??= Encoding.UTF8.GetString(record);
            }

            Interlocked.Increment(ref record.IndexOf("\"invocationId\":\"w\""u8) >= 0 ? ref _watching : ref _answered);
        }
        else if (record.IndexOf("\"resync\""u8) >= 0)
        {
            Interlocked.Increment(ref _resyncs);
        }
    }

    private void OnPresence(ReadOnlySpan<byte> record, long receivedAt)
    {
        Interlocked.Increment(ref _packets);
        var user = "\"userId\":\"u"u8;
        var state = "\",\"state\":\""u8;
        for (int at; (at = record.IndexOf(user)) >= 0;)
        {
            record = record[(at + user.Length)..];
            if (!Utf8Parser.TryParse(record, out int person, out var digits))
            {
                continue;
            }

            record = record[(digits + state.Length)..];
            if ((record[0] == (byte)'a') == Volatile.Read(ref _away[person]) && record[0] is (byte)'a' or (byte)'d')
            {
                Interlocked.Increment(ref _delivered);
                if (_measuring)
                {
                    _deliveries.Record(Stopwatch.GetElapsedTime(Volatile.Read(ref _dueAt[person]), receivedAt));
                }
            }
        }
    }

    private Figures Report(long changes, (double Cpu, long Packets, long Delivered, long At) before, (double Cpu, long Packets, long Delivered, long At) after, int open)
    {
        if (_refusal is { } refusal)
        {
            throw new LoadException($"A call was refused: {refusal}");
        }

        if (_watching < plan.Sessions || _delivered != changes * plan.Watched || open != plan.Sessions)
        {
            throw new LoadException(
                $"{_watching} of {plan.Sessions} sessions watch, {open} are open; {_delivered} of {changes * plan.Watched} deliveries arrived ({_answered} of {changes} changes answered, {_resyncs} resyncs). {server.Server.LastWords}");
        }

        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        return new Figures()
            .Add("changesPerMinute", plan.ChangesPerMinute)
            .Add("deliveriesPerSecond", (after.Delivered - before.Delivered) / seconds)
            .Add("packetsPerSecond", (after.Packets - before.Packets) / seconds)
            .Add("serverCores", (after.Cpu - before.Cpu) / seconds)
            .Add("cpuSecondsPer10kDeliveries", (after.Cpu - before.Cpu) * 10_000 / (after.Delivered - before.Delivered))
            .Add("delivery", _deliveries)
            .Add("sendLagP99Ms", _sendLag.Percentile(99).TotalMilliseconds)
            .Add("resyncs", _resyncs)
            .Add("serverResidentMiB", server.Server.ResidentBytes() / (double)(1 << 20));
    }
}
