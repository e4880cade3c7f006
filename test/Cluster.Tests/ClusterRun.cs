using System.Diagnostics;
using System.Globalization;
using OrleansChat.Checker;

namespace OrleansChat.Cluster.Tests;

/// <summary>
/// One or more clusters on one database, with a crowd that talks through them while a test does something to them; then
/// everything heals, and the checker says whether a promise was broken.
/// </summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    private static readonly TimeSpan HealTimeMax = TimeSpan.FromSeconds(30);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly int _seed;
    private readonly string _test = TestContext.Current.TestMethod?.MethodName ?? "";
    private readonly List<ClusterUnderTest> _clusters = [];
    private Crowd? _crowd;
    private double _cpuBefore;
    private long _talkingSince;
    private bool _isWell;

    private ClusterRun(ClusterDatabase database, int seed)
    {
        (Database, _seed, Random) = (database, seed, new Random(seed));
        History = new History(Path.Combine(database.Folder, "history.jsonl"));
    }

    internal ClusterDatabase Database { get; }

    internal ClusterUnderTest Cluster => _clusters[0];

    internal IReadOnlyList<ClusterUnderTest> Clusters => _clusters;

    internal History History { get; }

    internal Random Random { get; }

    internal Crowd Crowd => _crowd ?? throw new InvalidOperationException("Nobody is there yet.");

    /// <summary>Starts everything, and people talk. With several clusters each person's client knows the gateways of one of them.</summary>
    internal static async Task<ClusterRun> StartAsync(CrowdPlan crowd, params IReadOnlyList<ClusterPlan> plans)
    {
        var run = new ClusterRun(await ClusterDatabase.StartAsync(), Seed.Next());
        try
        {
            run.Say(string.Create(CultureInfo.InvariantCulture, $"CHAT_SEED={run._seed}, {crowd}"));
            foreach (var plan in plans)
            {
                run._clusters.Add(await ClusterUnderTest.StartAsync(run.Database, plan));
            }

            run._crowd = await Crowd.GatherAsync(crowd, run.Database, run.GatewaysOf, run.History, run._seed);
            run._cpuBefore = run.CpuSeconds();
            run._talkingSince = run.History.Now;
            run.Say("everybody is connected and talks");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>A line of the run's report.</summary>
    internal void Say(string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"[{_test} {Stopwatch.GetElapsedTime(_began).TotalSeconds,6:0.0} s] {what}");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <summary>Waits for so many acknowledgements from now on.</summary>
    internal async Task AcksAsync(int acks, TimeSpan? patience = null)
    {
        var left = acks;
        await History.NextAsync(entry => entry is { Op: Operation.Post, Phase: Phase.Ok } && --left <= 0).WaitAsync(patience ?? TimeSpan.FromMinutes(1));
    }

    /// <summary>The schedule's pause: people go on talking for so long.</summary>
    internal async Task TalkAsync(TimeSpan time)
    {
        await Task.Delay(time, TestContext.Current.CancellationToken);
        Crowd.Failures.ShouldBeEmpty();
    }

    /// <summary>Lets everybody finish what they began, waits until all clients show everything, and asks the checker.</summary>
    internal async Task<RunResult> EndAsync()
    {
        var talked = (History.Now - _talkingSince) / 1e6;
        var cpu = (CpuSeconds() - _cpuBefore) / talked / Environment.ProcessorCount;
        await Crowd.StopTypingAsync();
        var healing = Stopwatch.StartNew();
        var stored = await Database.Tables.ReadAsync();
        await Task.WhenAll(Crowd.Clients.SelectMany(client => stored.Where(conversation => conversation.Members.Contains(client.User))
            .Select(conversation => client.ShowsAsync(conversation.Id, conversation.HeadRev, HealTimeMax))));
        var healed = healing.Elapsed;
        foreach (var client in Crowd.Clients)
        {
            foreach (var conversation in stored.Where(conversation => conversation.Members.Contains(client.User)))
            {
                (await client.ReadAllAsync(conversation.Id)).ShouldBe(conversation.HeadRev);
            }
        }

        var history = History.Entries;
        var violations = HistoryChecker.Check(history, stored);
        var posts = history.Where(entry => entry.Op == Operation.Post).ToArray();
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{posts.Count(entry => entry.Phase == Phase.Invoke)} posts sent, {posts.Count(entry => entry.Phase == Phase.Ok)} acknowledged ({posts.Count(entry => entry.Phase == Phase.Ok) / talked:0.0}/s), "
            + $"{posts.Count(entry => entry.Phase == Phase.Info)} put off or unanswered ({Notes(posts)}), {posts.Count(entry => entry.Phase == Phase.Fail)} refused, "
            + $"{stored.Sum(conversation => conversation.Messages.Count)} messages stored, {Crowd.Clients.Sum(client => client.Connects.Count)} connects, everything shown {healed.TotalSeconds:0.0} s after the last post"));
        Say($"deliveries: {Recoveries.OfDeliveries(history, _talkingSince)}");
        Say(string.Create(CultureInfo.InvariantCulture, $"CPU in use: {cpu * 100:0} % of {Environment.ProcessorCount} cores (silos, gateways, PostgreSQL and the clients)"));
        foreach (var end in _clusters.SelectMany(cluster => cluster.UnexpectedEnds))
        {
            Say($"{end.Name} ended by itself with {end.ExitCode}: {end.Errors.Trim()}");
        }

        Say($"verdict: {violations.Count} violations");
        violations.GroupBy(violation => violation.Invariant).SelectMany(broken => broken.Take(3)).ShouldBeEmpty($"seed {_seed}; history and logs: {Database.Folder}");
        healed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        return new RunResult(history, stored);
    }

    public async ValueTask DisposeAsync()
    {
        Database.IsWell = _isWell;
        if (_crowd is not null)
        {
            await _crowd.DisposeAsync();
        }

        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }

        History.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>The last word of a test: logs and history need not be kept.</summary>
    internal void IsWell() => _isWell = true;

    private static string Notes(IEnumerable<HistoryEntry> posts) => string.Join(", ", posts.Where(entry => entry.Phase == Phase.Info)
        .GroupBy(entry => entry.Note).Select(note => string.Create(CultureInfo.InvariantCulture, $"{note.Key} {note.Count()}")));

    private IReadOnlyList<Uri> GatewaysOf(int client)
    {
        var gateways = _clusters[client % _clusters.Count].GatewayAddresses;
        var first = client / _clusters.Count % gateways.Count;
        return [.. gateways.Skip(first), .. gateways.Take(first)];
    }

    private double CpuSeconds() =>
        _clusters.Sum(cluster => cluster.CpuSeconds) + Database.Server.CpuSeconds + new ProcessTree(Environment.ProcessId).OwnCpuSeconds();
}

/// <summary>What a run left.</summary>
internal sealed record RunResult(IReadOnlyList<HistoryEntry> History, IReadOnlyList<StoredConversation> Stored);
