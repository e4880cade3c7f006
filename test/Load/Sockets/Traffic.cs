using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Unicode;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Sockets;

/// <summary>How much is posted, where, and for how long.</summary>
internal sealed record TrafficPlan
{
    internal required int Conversations { get; init; }

    internal required int Members { get; init; }

    /// <summary>How many of a conversation's members have a session; null is all. Fewer than all only with one conversation.</summary>
    internal int? Online { get; init; }

    internal required double PostsPerSecond { get; init; }

    internal required TimeSpan WarmUp { get; init; }

    internal required TimeSpan Duration { get; init; }

    internal required int TextBytes { get; init; }

    /// <summary>Sessions of each conversation.</summary>
    internal int Listeners => Online ?? Members;
}

/// <summary>
/// Posts on a fixed timetable through the members' own sessions, and follows every message to every member. A post's
/// number travels in its text and as its invocation id, so each latency counts from when that post was due. A session
/// checks that the revs of its conversation come one after the other.
/// </summary>
internal sealed class Traffic(TrafficPlan plan, RunningServer server, RowCounter? rows = null)
{
    private const int PostNumberDigits = 8;
    private static readonly TimeSpan DrainTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>Until the search index has followed the last post.</summary>
    private static readonly TimeSpan IndexingTime = TimeSpan.FromSeconds(2);

    private readonly LatencyHistogram _acks = new();
    private readonly LatencyHistogram _deliveries = new();
    private readonly LatencyHistogram _sendLag = new();
    private readonly string _filler = new('x', Math.Max(0, plan.TextBytes - PostNumberDigits - 2));

    private Timetable _timetable = null!;
    private long _firstMeasured;
    private long _acked;
    private long _refused;
    private long _delivered;
    private long _gaps;
    private long _repeated;
    private long _resyncs;
    private string? _refusal;

    internal async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        using var fleet = new Fleet();
        var sessions = plan.Conversations * plan.Listeners;
        RunReport.Say($"{sessions:N0} sessions connect");
        await fleet.ConnectAsync(server, sessions, plan.Listeners, OnRecord, cancellationToken);

        var rowsBefore = rows is null ? default : await rows.ReadAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        _timetable = new Timetable(start, plan.PostsPerSecond);
        _firstMeasured = _timetable.ArrivalsWithin(plan.WarmUp);
        var posts = _timetable.ArrivalsWithin(plan.WarmUp + plan.Duration);
        RunReport.Say($"{plan.PostsPerSecond:N0} posts/s to {plan.Listeners} of {plan.Members} members each: {plan.WarmUp.TotalSeconds:N0} s to warm up, {plan.Duration.TotalSeconds:N0} s measured");
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Send(fleet, start, posts, ended, cancellationToken)) { IsBackground = true, Name = "timetable" }.Start();

        await DelayUntilAsync(_timetable.DueAt(_firstMeasured), cancellationToken);
        var before = Meter();
        await DelayUntilAsync(_timetable.DueAt(posts), cancellationToken);
        var after = Meter();
        await DrainAsync(posts, fleet, cancellationToken);
        ended.TrySetResult();
        var figures = Report(posts, before, after, fleet.Open);
        if (rows is not null)
        {
            await Task.Delay(IndexingTime, cancellationToken);
            var written = await rows.ReadAsync(cancellationToken);
            figures.Add("rowsPerMessage", (double)(written.Log - rowsBefore.Log) / posts);
            figures.Add("indexRowsPerMessage", (double)(written.Index - rowsBefore.Index) / posts);
            figures.Add("presenceRows", written.Presence - rowsBefore.Presence);
        }

        return figures;
    }

    private (double ServerCpu, double DatabaseCpu, long Deliveries, long At) Meter() =>
        (server.Server.CpuSeconds(), server.Store?.Database?.CpuSeconds() ?? 0, Volatile.Read(ref _delivered), Stopwatch.GetTimestamp());

    private static async Task DelayUntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellationToken);
        }
    }

    /// <summary>The timetable's thread: whatever is due next, a post or somebody's ping, until the run has ended.</summary>
    private void Send(Fleet fleet, long start, long posts, TaskCompletionSource ended, CancellationToken cancellationToken)
    {
        var pings = new Timetable(start, fleet.Sessions.Count / Fleet.PingInterval.TotalSeconds);
        var frame = new byte[plan.TextBytes + 1024];
        long post = 0, ping = 0;
        while (!ended.Task.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            var postDue = post < posts ? _timetable.DueAt(post) : long.MaxValue;
            var pingDue = pings.DueAt(ping);
            Timetable.SleepUntil(Math.Min(postDue, pingDue));
            if (pingDue < postDue)
            {
                fleet.Sessions[(int)(ping++ % fleet.Sessions.Count)].Ping();
                continue;
            }

            var conversation = (int)(post % plan.Conversations);
            var member = (int)(post / plan.Conversations % plan.Listeners);
            if (post >= _firstMeasured)
            {
                _sendLag.Record(Stopwatch.GetElapsedTime(postDue));
            }

            fleet.Sessions[(conversation * plan.Listeners) + member].Send(frame.AsSpan(0, Write(frame, post, conversation)));
            post++;
        }
    }

    private int Write(Span<byte> frame, long post, int conversation)
    {
        if (!Utf8.TryWrite(
            frame,
            $$"""{"type":1,"invocationId":"{{post}}","target":"Post","arguments":[{"conversationId":"{{server.Conversations[conversation]}}","clientId":"{{Guid.NewGuid()}}","text":"#{{post:D8}} {{_filler}}"}]}{{'\u001e'}}""",
            out var length))
        {
            throw new InvalidOperationException("A post does not fit into its frame.");
        }

        return length;
    }

    private void OnRecord(LeanSession session, ReadOnlySpan<byte> record, long receivedAt)
    {
        if (record.StartsWith("{\"type\":1,\"target\":\"messagePosted\""u8))
        {
            OnPosted(session, record, receivedAt);
        }
        else if (record.StartsWith("{\"type\":3"u8))
        {
            OnAnswered(record, receivedAt);
        }
        else if (record.IndexOf("\"resync\""u8) >= 0)
        {
            Interlocked.Increment(ref _resyncs);
        }
    }

    private void OnPosted(LeanSession session, ReadOnlySpan<byte> record, long receivedAt)
    {
        if (Number(record, "\"text\":\"#"u8) is not { } post || Number(record, "\"rev\":"u8) is not { } rev)
        {
            return; // A system message, or another run's.
        }

        if (session.LastRev > 0 && rev != session.LastRev + 1)
        {
            Interlocked.Increment(ref rev <= session.LastRev ? ref _repeated : ref _gaps);
        }

        session.LastRev = Math.Max(session.LastRev, rev);
        Interlocked.Increment(ref _delivered);
        if (post >= _firstMeasured)
        {
            _deliveries.Record(Stopwatch.GetElapsedTime(_timetable.DueAt(post), receivedAt));
        }
    }

    private void OnAnswered(ReadOnlySpan<byte> record, long receivedAt)
    {
        if (Number(record, "\"invocationId\":\""u8) is not { } post)
        {
            return;
        }

        if (record.IndexOf("\"ok\":true"u8) < 0)
        {
            _refusal ??= System.Text.Encoding.UTF8.GetString(record);
            Interlocked.Increment(ref _refused);
            return;
        }

        Interlocked.Increment(ref _acked);
        if (post >= _firstMeasured)
        {
            _acks.Record(Stopwatch.GetElapsedTime(_timetable.DueAt(post), receivedAt));
        }
    }

    /// <summary>The integer that follows a name.</summary>
    private static long? Number(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name)
    {
        var at = record.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(record[(at + name.Length)..], out long value, out _) ? value : null;
    }

    private async Task DrainAsync(long posts, Fleet fleet, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _acked) + Volatile.Read(ref _refused) < posts || Volatile.Read(ref _delivered) < _acked * plan.Listeners)
        {
            if (Stopwatch.GetElapsedTime(since) > DrainTimeMax || server.Server.HasEnded || fleet.Open == 0)
            {
                return;
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private Figures Report(
        long posts, (double ServerCpu, double DatabaseCpu, long Deliveries, long At) before, (double ServerCpu, double DatabaseCpu, long Deliveries, long At) after, int open)
    {
        var deliveries = after.Deliveries - before.Deliveries;
        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        var (serverCpu, databaseCpu) = (after.ServerCpu - before.ServerCpu, after.DatabaseCpu - before.DatabaseCpu);
        var missing = (_acked * plan.Listeners) - _delivered;
        if (server.Server.HasEnded)
        {
            throw new LoadException($"The server ended during the run. {server.Server.LastWords}");
        }

        if (_refused > 0 || _acked < posts)
        {
            throw new LoadException($"Of {posts} posts {_acked} were acknowledged and {_refused} refused ({open} sessions are open). {_refusal} {server.Server.LastWords}");
        }

        if (missing != 0)
        {
            throw new LoadException($"Of {_acked * plan.Listeners} deliveries {missing} are missing ({_resyncs} resyncs, {_gaps} gaps, {open} sessions are open).");
        }

        return new Figures()
            .Add("posts", posts - _firstMeasured)
            .Add("postsPerSecond", (posts - _firstMeasured) / seconds)
            .Add("deliveries", deliveries)
            .Add("deliveriesPerSecond", deliveries / seconds)
            .Add("serverCpuSecondsPer10kDeliveries", serverCpu * 10_000 / deliveries)
            .Add("databaseCpuSecondsPer10kDeliveries", databaseCpu * 10_000 / deliveries)
            .Add("cpuSecondsPer10kDeliveries", (serverCpu + databaseCpu) * 10_000 / deliveries)
            .Add("serverCores", serverCpu / seconds)
            .Add("databaseCores", databaseCpu / seconds)
            .Add("ack", _acks)
            .Add("delivery", _deliveries)
            .Add("sendLagP50Ms", _sendLag.Percentile(50).TotalMilliseconds)
            .Add("sendLagP99Ms", _sendLag.Percentile(99).TotalMilliseconds)
            .Add("gaps", _gaps)
            .Add("repeated", _repeated)
            .Add("resyncs", _resyncs)
            .Add("serverResidentMiB", server.Server.ResidentBytes() / (double)(1 << 20));
    }
}
