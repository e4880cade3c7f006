using System.Text.Json.Nodes;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load.Scenarios;

/// <summary>What <c>groups</c> is to do.</summary>
internal sealed record GroupsPlan
{
    /// <summary>Members of the largest group; the smaller ones have 10, 100, 1,000, …</summary>
    internal required int Members { get; init; }

    internal required double PostsPerSecond { get; init; }

    /// <summary>Posts are fewer where they would be more deliveries than this in a second.</summary>
    internal required double DeliveriesPerSecondMax { get; init; }

    internal required TimeSpan WarmUp { get; init; }

    /// <summary>Before each measurement.</summary>
    internal TimeSpan CellWarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For each size and each share of members online.</summary>
    internal required TimeSpan Duration { get; init; }

    internal required int TextBytes { get; init; }

    /// <summary>Smallest first.</summary>
    internal int[] Sizes
    {
        get
        {
            List<int> sizes = [];
            for (var size = Smallest; size < Members; size *= 10)
            {
                sizes.Add(size);
            }

            return [.. sizes, Members];
        }
    }

    internal const int Smallest = 10;
}

/// <summary>
/// What posting costs in groups of 10 to 10,000 members, of whom none (but who posts), a tenth or all have a session: on one gateway, one
/// size after the other. The rows that a message writes must not depend on the size of its group.
/// </summary>
internal static class GroupsScenario
{
    private const int WarmUpSize = 100;
    private const double RowsDifferenceMax = 0.5;

    private static readonly int[] OnlinePercents = [0, 10, 100];

    internal static async Task RunAsync(GroupsPlan plan, Stage stage, Contender.Gateway gateway, CancellationToken cancellationToken)
    {
        if (stage.Pinned)
        {
            await Pinning.PinLoadAsync();
        }

        var sizes = plan.Sizes;
        var reports = OnlinePercents.Select(percent => new RunReport($"groups, {percent} % online", Options(plan, stage, gateway, percent), slope: true)).ToArray();
        RunReport.Say($"{gateway.Name} starts, {stage.Store} store, groups of {string.Join(", ", sizes)}");
        await using var server = await gateway.StartAsync(
            stage with { Prepare = (store, token) => LoadTenant.AddGroupsOfAsync(store, sizes, token) }, cancellationToken);
        var rows = await RowCounter.AddAsync(server.Store!, cancellationToken);
        var warm = Array.FindLastIndex(sizes, size => size <= WarmUpSize);
        await RunAsync(warm < 0 ? 0 : warm, 100, plan with { Duration = TimeSpan.FromSeconds(1) }, plan.WarmUp);

        var differs = new List<string>();
        for (var share = 0; share < OnlinePercents.Length; share++)
        {
            var written = new List<double>();
            for (var size = 0; size < sizes.Length; size++)
            {
                var figures = await RunAsync(size, OnlinePercents[share], plan, plan.CellWarmUp);
                written.Add(figures["rowsPerMessage"]);
                reports[share].Add($"{sizes[size]:N0} members", figures);
            }

            reports[share].Write();
            if (written.Max() - written.Min() > RowsDifferenceMax)
            {
                differs.Add($"{OnlinePercents[share]} % online: {string.Join(", ", written.Select(Figures.Round))}");
            }
        }

        if (differs.Count > 0)
        {
            throw new LoadException($"The rows written for a message depend on the size of its group: {string.Join("; ", differs)}.");
        }

        Task<Figures> RunAsync(int size, int percent, GroupsPlan how, TimeSpan warmUp)
        {
            var online = Math.Max(1, sizes[size] * percent / 100);
            var traffic = new TrafficPlan
            {
                Conversations = 1,
                Members = sizes[size],
                Online = online,
                PostsPerSecond = Math.Min(how.PostsPerSecond, how.DeliveriesPerSecondMax / online),
                WarmUp = warmUp,
                Duration = how.Duration,
                TextBytes = how.TextBytes,
            };
            return new Traffic(traffic, server with { Conversations = [server.Conversations[size]] }, rows).RunAsync(cancellationToken);
        }
    }

    private static JsonObject Options(GroupsPlan plan, Stage stage, Contender.Gateway gateway, int percent) => new()
    {
        ["store"] = stage.Store.ToString(),
        ["sizes"] = new JsonArray([.. plan.Sizes.Select(size => (JsonNode)size)]),
        ["onlinePercent"] = percent,
        ["postsPerSecond"] = plan.PostsPerSecond,
        ["deliveriesPerSecondMax"] = plan.DeliveriesPerSecondMax,
        ["textBytes"] = plan.TextBytes,
        ["warmUpSeconds"] = plan.WarmUp.TotalSeconds,
        ["durationSeconds"] = plan.Duration.TotalSeconds,
        ["pinned"] = stage.Pinned,
        ["latencyFrom"] = "due time (open loop)",
        ["slope"] = "largest to smallest size",
        ["settings"] = SocketScenario.Settings(stage, [gateway]),
    };
}
