using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Scenarios;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Sockets;

/// <summary>
/// Clients that do what the web client does when its connection is lost: wait a random time, connect, hear <c>welcome</c>, call
/// <c>ListConversations</c> and then <c>Sync</c> for what they hold, 20 conversations at a time, each call after the answer to
/// the one before. What is refused is asked again after the time that the refusal names.
/// </summary>
internal sealed class ReconnectStorm(ReconnectPlan plan, RunningServer server) : IDisposable
{
    internal const int SyncPage = 20;

    /// <summary>Each wait is a random part of its bound; the last one holds for all that follow.</summary>
    internal static readonly TimeSpan[] BackoffBounds = [.. new[] { 1, 2, 4, 8, 16, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private static readonly TimeSpan ResumeTimeMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan HandshakeTimeMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallTimeMax = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Between storms: all that the server does because of the last one is done.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private Client[] _clients = [];
    private int _attempts;
    private int _refusedCalls;
    private int _refusedConnects;
    private string? _refusal;

    /// <summary>Everybody connects for the first time, and learns which conversations there are.</summary>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        RunReport.Say($"{plan.Sessions:N0} sessions connect and read their {plan.Conversations} conversations");
        _clients = [.. Enumerable.Range(0, plan.Sessions).Select(index => new Client(index))];
        await Parallel.ForEachAsync(
            _clients,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (client, token) =>
            {
                try
                {
                    await ConnectAsync(client, token);
                    client.Learn(await CallAsync(client, "ListConversations", ListRequest, token), plan.Conversations);
                }
                catch (LostException lost)
                {
                    throw new LoadException($"Session {client.Index} was not resumed at first: {lost.Message} {_refusal} {server.Server.LastWords}", lost);
                }
            });
    }

    /// <summary>Cuts every socket at once, and waits until all sessions are resumed.</summary>
    /// <exception cref="LoadException">Not all were within two minutes, or an answer was not what it must be.</exception>
    internal async Task<Figures> CutAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, cancellationToken);
        (_attempts, _refusedCalls, _refusedConnects, _refusal) = (0, 0, 0, null);
        var (resumed, welcomed, listed) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        var (cpu, databaseCpu) = (server.Server.CpuSeconds(), server.Store?.Database?.CpuSeconds() ?? 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ResumeTimeMax);
        var cut = Stopwatch.GetTimestamp();
        foreach (var client in _clients)
        {
            client.Session?.Dispose();
        }

        var resuming = _clients.Select(client => Task.Run(() => ResumeAsync(client, cut, welcomed, listed, resumed, patience.Token), CancellationToken.None)).ToArray();
        try
        {
            var all = Task.WhenAll(resuming);
            while (await Task.WhenAny(all, Task.Delay(Fleet.PingInterval, CancellationToken.None)) != all)
            {
                foreach (var client in _clients.Where(client => client.Resumed))
                {
                    client.Session?.Ping();
                }
            }

            await all;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadException($"Of {plan.Sessions} sessions {resumed.Count} were resumed within {ResumeTimeMax.TotalSeconds} s ({_attempts} connects, {_refusedConnects} failed, {_refusedCalls} calls refused). {_refusal} {server.Server.LastWords}");
        }

        var seconds = Stopwatch.GetElapsedTime(cut).TotalSeconds;
        cpu = server.Server.CpuSeconds() - cpu;
        databaseCpu = (server.Store?.Database?.CpuSeconds() ?? 0) - databaseCpu;
        return new Figures()
            .Add("resumedSessions", resumed.Count)
            .Add("resumed", resumed)
            .Add("welcomedP50Ms", welcomed.Percentile(50).TotalMilliseconds)
            .Add("welcomedP99Ms", welcomed.Percentile(99).TotalMilliseconds)
            .Add("listedP50Ms", listed.Percentile(50).TotalMilliseconds)
            .Add("listedP99Ms", listed.Percentile(99).TotalMilliseconds)
            .Add("connects", _attempts)
            .Add("failedConnects", _refusedConnects)
            .Add("refusedCalls", _refusedCalls)
            .Add("serverCpuMsPerSession", cpu * 1_000 / plan.Sessions)
            .Add("databaseCpuMsPerSession", databaseCpu * 1_000 / plan.Sessions)
            .Add("serverCores", cpu / seconds)
            .Add("serverResidentMiB", server.Server.ResidentBytes() / (double)(1 << 20));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Session?.Dispose();
        }
    }

    private static string ListRequest => $$"""{"limit":{{ReconnectPlan.ListPage}}}""";

    private async Task ResumeAsync(
        Client client, long cut, LatencyHistogram welcomed, LatencyHistogram listed, LatencyHistogram resumed, CancellationToken cancellationToken)
    {
        client.Resumed = false;
        for (var attempt = 0; ; attempt++)
        {
            var bound = BackoffBounds[Math.Min(attempt, BackoffBounds.Length - 1)];
            await Task.Delay(Random.Shared.NextDouble() * bound, cancellationToken);
            Interlocked.Increment(ref _attempts);
            try
            {
                await ConnectAsync(client, cancellationToken);
                var atWelcome = Stopwatch.GetElapsedTime(cut);
                await CallAsync(client, "ListConversations", ListRequest, cancellationToken);
                var atList = Stopwatch.GetElapsedTime(cut);
                var missed = 0;
                foreach (var chunk in client.Held.Chunk(SyncPage))
                {
                    var points = string.Join(',', chunk.Select(point => $$"""{"id":"{{point.Id}}","rev":{{point.Rev}}}"""));
                    missed += Changes(await CallAsync(client, "Sync", $$"""{"conversations":[{{points}}]}""", cancellationToken), chunk.Length);
                }

                if (missed != client.Missed)
                {
                    throw new LoadException($"Session {client.Index} heard of {missed} changes that it had missed, not of {client.Missed}.");
                }

                welcomed.Record(atWelcome);
                listed.Record(atList);
                resumed.Record(Stopwatch.GetElapsedTime(cut));
                client.Resumed = true;
                return;
            }
            catch (LostException lost)
            {
                _refusal ??= lost.Message;
                Interlocked.Increment(ref _refusedConnects);
            }
        }
    }

    private async Task ConnectAsync(Client client, CancellationToken cancellationToken)
    {
        client.Session?.Dispose();
        var session = client.Session = new LeanSession(client.Index, client.OnRecord);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HandshakeTimeMax);
        try
        {
            await session.ConnectAsync(server.Server.AddressOf(client.Index), server.TargetOf(0), server.Tokens?.TokenOf(client.Index), patience.Token);
        }
        catch (Exception exception) when (exception is LoadException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LostException(exception.Message, exception);
        }
    }

    private async Task<byte[]> CallAsync(Client client, string method, string request, CancellationToken cancellationToken)
    {
        while (true)
        {
            byte[] answer;
            try
            {
                answer = await client.CallAsync(method, request).WaitAsync(CallTimeMax, cancellationToken);
            }
            catch (TimeoutException exception)
            {
                throw new LostException($"{method} was not answered within {CallTimeMax.TotalSeconds} s.", exception);
            }

            if (answer.AsSpan().IndexOf("\"ok\":true"u8) >= 0)
            {
                return answer;
            }

            Interlocked.Increment(ref _refusedCalls);
            _refusal ??= Encoding.UTF8.GetString(answer);
            await Task.Delay(RetryAfter(answer), cancellationToken);
        }
    }

    private static TimeSpan RetryAfter(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("result", out var result)
            && result.TryGetProperty("error", out var error)
            && error.TryGetProperty("retryAfterMs", out var milliseconds)
                ? TimeSpan.FromMilliseconds(milliseconds.GetInt64())
                : AgainAfter;
    }

    /// <summary>How many changes an answer of <c>Sync</c> has.</summary>
    private static int Changes(ReadOnlySpan<byte> answer, int conversations)
    {
        var synced = answer.Count("\"status\":\"changes\""u8);
        return synced == conversations
            ? answer.Count("\"type\":\"messagePosted\""u8)
            : throw new LoadException($"Of {conversations} conversations Sync answered {synced} with their changes.");
    }

    /// <summary>The connection did not come about, or is lost: wait, and connect again.</summary>
    private sealed class LostException(string message, Exception inner) : Exception(message, inner);

    /// <summary>One person's client, over all of its connections. One call is under way at a time.</summary>
    private sealed class Client(int index)
    {
        private TaskCompletionSource<byte[]>? _answer;

        internal int Index => index;

        internal LeanSession? Session { get; set; }

        internal bool Resumed { get; set; }

        /// <summary>The conversations and the change that it has of each.</summary>
        internal (string Id, long Rev)[] Held { get; private set; } = [];

        /// <summary>Changes that it does not have.</summary>
        internal long Missed { get; private set; }

        internal Task<byte[]> CallAsync(string method, string request)
        {
            var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _answer, answer);
            Session!.Send(Encoding.UTF8.GetBytes($$"""{"type":1,"invocationId":"c","target":"{{method}}","arguments":[{{request}}]}{{'\u001e'}}"""));
            return answer.Task;
        }

        internal void OnRecord(LeanSession session, ReadOnlySpan<byte> record, long receivedAt)
        {
            if (record.StartsWith("{\"type\":3"u8) && ReferenceEquals(session, Session))
            {
                Volatile.Read(ref _answer)?.TrySetResult(record.ToArray());
            }
        }

        internal void Learn(byte[] answer, int conversations)
        {
            using var json = JsonDocument.Parse(answer);
            var rows = json.RootElement.GetProperty("result").GetProperty("conversations").EnumerateArray().ToArray();
            if (rows.Length != conversations)
            {
                throw new LoadException($"Session {index} has {rows.Length} conversations in its list, not {conversations}.");
            }

            Held = [.. rows.Select(row =>
            {
                var rev = row.GetProperty("head").GetProperty("rev").GetInt64();
                var held = row.GetProperty("unread").GetProperty("unread").GetInt64() > 0 ? ReconnectScenario.HeldRevWhenUnread : rev;
                Missed += rev - held;
                return (row.GetProperty("id").GetString()!, held);
            })];
        }
    }
}
