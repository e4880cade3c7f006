using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Load.Hosting;
using OrleansChat.Load.Measuring;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;
using OrleansChat.Testing;

namespace OrleansChat.Load.Scenarios;

/// <summary>What <c>posts</c> is to do.</summary>
internal sealed record PostsPlan
{
    internal required StoreKind Store { get; init; }

    internal string? Connection { get; init; }

    /// <summary>The running cluster whose grains are driven; null drives them in this process.</summary>
    internal ClusterTarget? Cluster { get; init; }

    internal required int Conversations { get; init; }

    /// <summary>Calls under way at the same time, in a closed loop; also the bound of calls under way in an open one.</summary>
    internal required int Posters { get; init; }

    /// <summary>Posts per second on a timetable (open loop); null posts as fast as answers come (closed loop).</summary>
    internal double? Rate { get; init; }

    internal required TimeSpan WarmUp { get; init; }

    internal required TimeSpan Duration { get; init; }

    internal required int TextBytes { get; init; }

    internal required int Rounds { get; init; }
}

/// <summary>
/// Drives conversation grains, in this process or in a cluster: what engine, grains and store do without sockets. Every post is awaited,
/// so each one counted is durable. Closed loop for throughput: its latencies say how long a caller waits at saturation,
/// not what a caller of a healthy server waits; for that there is the open loop.
/// </summary>
internal static class PostsScenario
{
    internal static async Task RunAsync(PostsPlan plan, CancellationToken cancellationToken)
    {
        var report = new RunReport("posts", new JsonObject
        {
            ["store"] = plan.Store.ToString(),
            ["loop"] = plan.Rate is null ? "closed" : "open",
            ["postsPerSecond"] = plan.Rate,
            ["conversations"] = plan.Conversations,
            ["posters"] = plan.Posters,
            ["textBytes"] = plan.TextBytes,
            ["warmUpSeconds"] = plan.WarmUp.TotalSeconds,
            ["durationSeconds"] = plan.Duration.TotalSeconds,
            ["rounds"] = plan.Rounds,
            ["latencyFrom"] = plan.Rate is null ? "call (closed loop, at saturation)" : "due time (open loop)",
        });
        for (var round = 1; round <= plan.Rounds; round++)
        {
            RunReport.Say($"{plan.Store} store, {plan.Conversations:N0} conversations (round {round} of {plan.Rounds})");
            report.Add(LoadEngine.GrainsAreWhere, await RunRoundAsync(plan, cancellationToken));
        }

        report.Write();
    }

    private static async Task<Figures> RunRoundAsync(PostsPlan plan, CancellationToken cancellationToken)
    {
        await using var store = plan.Cluster is { } cluster ? await LoadStore.OfClusterAsync(cluster) : await LoadStore.CreateAsync(plan.Store, plan.Connection);
        ConversationId[] groups;
        await using (var opened = await store.OpenAsync(cancellationToken))
        {
            await LoadTenant.AddPeopleAsync(opened, plan.Conversations, cancellationToken);
            groups = await LoadTenant.AddGroupsAsync(opened, plan.Conversations, members: 1, cancellationToken);
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole());
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(TimeProvider.System);
        LoadEngine.AddGrains(builder, store);
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        try
        {
            var grains = host.Services.GetRequiredService<IClusterClient>();
            var run = new Posting(plan, [.. groups.Select(group => grains.GetGrain<IConversationGrain>(new ConversationKey(LoadTenant.Id, group).ToString()))], store);
            return await run.RunAsync(cancellationToken);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private sealed class Posting(PostsPlan plan, IConversationGrain[] grains, LoadStore store)
    {
        private readonly LatencyHistogram _latencies = new();
        private readonly string _text = new('x', plan.TextBytes);
        private readonly Caller[] _callers =
        [
            .. Enumerable.Range(0, grains.Length).Select(index => new Caller
            {
                TenantId = LoadTenant.Id,
                UserId = LoadTenant.User(index),
                Name = LoadTenant.Name(index),
                Permissions = RolePermissions.Default(Role.Agent),
            }),
        ];

        private long _posted;
        private long _measureFrom;
        private long _measureTo;
        private string? _failure;

        internal async Task<Figures> RunAsync(CancellationToken cancellationToken)
        {
            var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
            _measureFrom = start + (long)(plan.WarmUp.TotalSeconds * Stopwatch.Frequency);
            _measureTo = _measureFrom + (long)(plan.Duration.TotalSeconds * Stopwatch.Frequency);
            var posting = plan.Rate is { } rate
                ? RunOpenAsync(new Timetable(start, rate), cancellationToken)
                : Task.WhenAll(Enumerable.Range(0, plan.Posters).Select(poster => Task.Run(() => RunClosedAsync(poster), cancellationToken)));

            await DelayUntilAsync(_measureFrom, cancellationToken);
            var before = Meter();
            await DelayUntilAsync(_measureTo, cancellationToken);
            var after = Meter();
            await posting;
            if (_failure is not null)
            {
                throw new LoadException($"A post failed: {_failure}");
            }

            var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
            var (cpu, databaseCpu) = (after.Cpu - before.Cpu, after.DatabaseCpu - before.DatabaseCpu);
            var posts = after.Posted - before.Posted;
            return new Figures()
                .Add("posts", posts)
                .Add("durablePostsPerSecond", posts / seconds)
                .Add("latency", _latencies)
                .Add("processCpuSecondsPer10kPosts", cpu * 10_000 / posts)
                .Add("databaseCpuSecondsPer10kPosts", databaseCpu * 10_000 / posts)
                .Add("processCores", cpu / seconds)
                .Add("databaseCores", databaseCpu / seconds)
                .Add("allocatedBytesPerPost", (after.Allocated - before.Allocated) / (double)posts);
        }

        private (double Cpu, double DatabaseCpu, long Posted, long Allocated, long At) Meter() => (
            new ProcessTree(Environment.ProcessId).OwnCpuSeconds(),
            store.Database?.CpuSeconds() ?? 0,
            Volatile.Read(ref _posted),
            GC.GetTotalAllocatedBytes(),
            Stopwatch.GetTimestamp());

        private static async Task DelayUntilAsync(long timestamp, CancellationToken cancellationToken)
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, cancellationToken);
            }
        }

        private async Task RunClosedAsync(int poster)
        {
            for (var conversation = poster % grains.Length; Stopwatch.GetTimestamp() < _measureTo && _failure is null;)
            {
                await PostAsync(conversation, Stopwatch.GetTimestamp());
                conversation = (conversation + plan.Posters) % grains.Length;
            }
        }

        private async Task RunOpenAsync(Timetable timetable, CancellationToken cancellationToken)
        {
            // A bound, so that a store that stands still ends the run instead of the machine.
            using var underWay = new SemaphoreSlim(plan.Posters);
            await Task.Factory.StartNew(
                () =>
                {
                    for (long post = 0; timetable.DueAt(post) < _measureTo && _failure is null && !cancellationToken.IsCancellationRequested; post++)
                    {
                        var due = timetable.DueAt(post);
                        Timetable.SleepUntil(due);
                        if (!underWay.Wait(0, CancellationToken.None))
                        {
                            _failure = $"more than {plan.Posters} posts are under way; the rate is beyond what this machine writes";
                            return;
                        }

                        var conversation = (int)(post % grains.Length);
                        ThreadPool.QueueUserWorkItem(
                            async _ =>
                            {
                                await PostAsync(conversation, due);
                                underWay.Release();
                            },
                            null);
                    }
                },
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            for (var taken = 0; taken < plan.Posters; taken++)
            {
                await underWay.WaitAsync(cancellationToken);
            }
        }

        private async Task PostAsync(int conversation, long since)
        {
            try
            {
                var result = await grains[conversation].PostAsync(
                    new PostMessage { Caller = _callers[conversation], ClientId = Guid.NewGuid(), Text = _text }, CancellationToken.None);
                var now = Stopwatch.GetTimestamp();
                if (result.Refusal is { } refusal)
                {
                    _failure ??= $"refused, {refusal}";
                    return;
                }

                Interlocked.Increment(ref _posted);
                if (now >= _measureFrom && since < _measureTo)
                {
                    _latencies.Record(Stopwatch.GetElapsedTime(since, now));
                }
            }
            catch (Exception exception)
            {
                _failure ??= exception.Message;
            }
        }
    }
}
