using System.Diagnostics;
using System.Globalization;
using OrleansChat.Checker;
using OrleansChat.HubClient;

namespace OrleansChat.Faults.Tests;

/// <summary>
/// Four people with five clients type in three direct conversations and a group while something happens to the gateway or
/// its store; then everything heals, and the checker says whether a promise was broken.
/// </summary>
internal sealed class ChatRun : IAsyncDisposable
{
    private static readonly TimeSpan HealTimeMax = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Limits = new()
    {
        ["Limits:SendPerSecond"] = "1000000",
        ["Limits:SendBurst"] = "1000000",
        ["Limits:TenantSendPerSecond"] = "1000000",
        ["Limits:HistoryPerSecond"] = "1000000",
        ["Limits:HistoryBurst"] = "1000000",
        ["Limits:ConnectsPerMinute"] = "1000000",
        ["Limits:FailedHandshakesPerMinute"] = "1000000",
    };

    private readonly string _folder;
    private readonly int _port;
    private readonly StoreUnderTest _store;
    private readonly Random _random;
    private readonly int _seed;
    private readonly List<ChatClient> _clients = [];
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Task> _typing = [];
    private GatewayProcess _gateway;
    private bool _isWell;

    private ChatRun(string folder, int port, StoreUnderTest store, GatewayProcess gateway, int seed)
    {
        (_folder, _port, _store, _gateway, _seed, _random) = (folder, port, store, gateway, seed, new Random(seed));
        History = new History(Path.Combine(folder, "history.jsonl"));
    }

    internal History History { get; }

    internal int Kills { get; private set; }

    private Uri Address => new($"http://127.0.0.1:{_port}");

    internal static async Task<ChatRun> StartAsync(Func<string, Task<StoreUnderTest>> createStore, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("orleans-chat-faults-").FullName;
        var store = await createStore(folder);
        var port = GatewayProcess.FreePort();
        var run = new ChatRun(folder, port, store, await GatewayProcess.StartAsync(port, folder, SettingsOf(store)), seed);
        try
        {
            await run.StartTypingAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    internal static Dictionary<string, string> SettingsOf(StoreUnderTest store) =>
        store.Settings.Concat(Limits).ToDictionary(setting => setting.Key, setting => setting.Value);

    /// <summary>Kills the gateway at a random moment, when something is sent, answered, told or shown, and starts it again.</summary>
    internal async Task KillAndRestartAsync()
    {
        var moments = _random.Next(20, 120);
        (Operation, Phase)[] kinds = [(Operation.Post, Phase.Invoke), (Operation.Post, Phase.Ok), (Operation.Push, Phase.Ok), (Operation.Apply, Phase.Ok)];
        var kind = kinds[_random.Next(kinds.Length)];
        var typing = false; // Not while they still catch up after the kill before.
        await Until(entry => (typing |= entry is { Op: Operation.Post, Phase: Phase.Invoke }) && (entry.Op, entry.Phase) == kind && --moments <= 0);
        await _gateway.KillAsync();
        Kills++;
        await _gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_port, _folder, SettingsOf(_store));
    }

    /// <summary>Waits for so many acknowledgements from now on.</summary>
    internal Task AcksAsync(int acks) => Until(entry => entry is { Op: Operation.Post, Phase: Phase.Ok } && --acks <= 0);

    /// <summary>Lets everybody finish what they began, waits until all clients show everything, and asks the checker.</summary>
    internal async Task<string> EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_typing).WaitAsync(HealTimeMax);
        var healing = Stopwatch.StartNew();
        var stored = await _store.ReadAsync();
        foreach (var client in _clients)
        {
            foreach (var conversation in stored.Where(conversation => client.Conversations.Contains(conversation.Id)))
            {
                await client.ShowsAsync(conversation.Id, conversation.HeadRev, TimeSpan.FromSeconds(10));
            }
        }

        var healed = healing.Elapsed;
        foreach (var client in _clients.DistinctBy(client => client.User))
        {
            foreach (var conversation in stored.Where(conversation => client.Conversations.Contains(conversation.Id)))
            {
                (await client.ReadAllAsync(conversation.Id)).ShouldBe(conversation.HeadRev);
            }
        }

        var history = History.Entries;
        var violations = HistoryChecker.Check(history, stored);
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"seed {_seed}: {Kills} kills, {Count(Phase.Invoke)} posts sent, {Count(Phase.Ok)} acknowledged ({AnsweredOnlyWhenRepeated()} stored at once and answered only when repeated), "
            + $"{Count(Phase.Info)} without a definite answer, {stored.Sum(conversation => conversation.Messages.Count)} messages stored, {_clients.Sum(client => client.Connects.Count)} connects, "
            + $"everything shown {healed.TotalSeconds:0.0} s after the last post, {violations.Count} violations");
        TestContext.Current.SendDiagnosticMessage(summary);
        violations.GroupBy(violation => violation.Invariant).SelectMany(broken => broken.Take(3)).ShouldBeEmpty($"{summary}; history and logs: {_folder}");
        healed.ShouldBeLessThan(TimeSpan.FromSeconds(10), summary);
        Count(Phase.Ok).ShouldBeGreaterThan(100, "a run in which little was said proves little");
        _isWell = true;
        return summary;

        int AnsweredOnlyWhenRepeated() => history.Where(entry => entry is { Op: Operation.Post, Phase: Phase.Ok })
            .DistinctBy(ok => (ok.User, ok.Id)).Count(first => first.Note == "duplicate");

        int Count(Phase phase) => history.Count(entry => entry.Op == Operation.Post && entry.Phase == phase);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _gateway.DisposeAsync();
        History.Dispose();
        await _store.DisposeAsync();
        _enough.Dispose();
        if (_isWell)
        {
            Directory.Delete(_folder, recursive: true);
            return;
        }

        var log = Path.Combine(_folder, "gateway.log");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {_seed}; kept in {_folder}; the gateway's last lines:\n{string.Join('\n', File.Exists(log) ? File.ReadLines(log).TakeLast(40) : [])}");
    }

    private async Task StartTypingAsync()
    {
        var group = await FindGroupAsync("ann", "Support team");
        string[] direct = ["dm/ann~bob", "dm/chidi~dana", "dm/ann~dana"];
        foreach (var name in new[] { "ann", "bob", "chidi", "dana", "ann on the phone" })
        {
            var user = name.Split(' ')[0];
            var conversations = direct.Where(conversation => conversation.Contains(user, StringComparison.Ordinal)).Append(group);
            _clients.Add(new ChatClient([Address], new DevelopmentEntrance(user), Backoff.Hasty, name, user, conversations, History, _random.Next()));
        }

        foreach (var client in _clients.Where(client => client.Name == client.User))
        {
            foreach (var conversation in client.Conversations)
            {
                _typing.Add(TypeAsync(client, conversation, new Random(_random.Next())));
            }
        }
    }

    /// <summary>The id of a group by its title.</summary>
    private async Task<string> FindGroupAsync(string user, string title)
    {
        var credentials = await new DevelopmentEntrance(user).EnterAsync(Address, CancellationToken.None);
        await using var session = await ChatSession.ConnectAsync(new Uri($"ws://{Address.Authority}/hub"), credentials, CancellationToken.None);
        var list = await session.CallAsync("ListConversations", new { });
        return list.GetProperty("conversations").EnumerateArray()
            .Single(conversation => conversation.TryGetProperty("title", out var named) && named.GetString() == title)
            .GetProperty("id").GetString()!;
    }

    /// <summary>Says one thing after the other; now and then repeats what was answered, or says nothing at all.</summary>
    private async Task TypeAsync(ChatClient client, string conversation, Random random)
    {
        for (var number = 1; !_enough.IsCancellationRequested; number++)
        {
            var text = random.Next(25) == 0
                ? new string(' ', random.Next(1, 5))
                : string.Create(CultureInfo.InvariantCulture, $"{client.Name} {number} {new string('\u00E9', random.Next(1, 200))}");
            var id = Guid.CreateVersion7();
            await client.PostAsync(conversation, text, id);
            if (random.Next(10) == 0)
            {
                await client.PostAsync(conversation, text, id);
            }
        }
    }

    private async Task Until(Func<HistoryEntry, bool> matches)
    {
        var found = History.NextAsync(matches);
        var typing = Task.WhenAll(_typing);
        if (await Task.WhenAny(found, typing).WaitAsync(HealTimeMax) == typing)
        {
            await typing; // Nobody types any more: says why.
        }
    }
}
