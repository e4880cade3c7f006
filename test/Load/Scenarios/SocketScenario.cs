using System.Text.Json.Nodes;
using OrleansChat.Conversations;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load.Scenarios;

/// <summary>
/// Real sockets against real servers: <c>deliveries</c> and <c>pairs</c> put a load on a gateway, <c>bare</c> the same on
/// SignalR alone as well. With two contenders rounds alternate between them, so that a slower minute of the machine hits both.
/// </summary>
internal static class SocketScenario
{
    internal static async Task RunAsync(
        string scenario, TrafficPlan plan, Stage stage, IReadOnlyList<Contender> contenders, int rounds, CancellationToken cancellationToken)
    {
        if (stage.Pinned)
        {
            await Pinning.PinLoadAsync();
        }

        var report = new RunReport(scenario, Options(plan, stage, contenders, rounds));
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                RunReport.Say($"{contender.Name} starts (round {round} of {rounds})");
                await using var server = await contender.StartAsync(stage, cancellationToken);
                report.Add(contender.Name, await new Traffic(plan, server).RunAsync(cancellationToken));
            }
        }

        report.Write();
    }

    private static JsonObject Options(TrafficPlan plan, Stage stage, IReadOnlyList<Contender> contenders, int rounds) => new()
    {
        ["store"] = stage.Store.ToString(),
        ["kind"] = stage.Kind == ConversationKind.Direct ? "direct" : "group",
        ["conversations"] = plan.Conversations,
        ["members"] = plan.Members,
        ["sessions"] = plan.Conversations * plan.Members,
        ["postsPerSecond"] = plan.PostsPerSecond,
        ["textBytes"] = plan.TextBytes,
        ["warmUpSeconds"] = plan.WarmUp.TotalSeconds,
        ["durationSeconds"] = plan.Duration.TotalSeconds,
        ["rounds"] = rounds,
        ["pinned"] = stage.Pinned,
        ["latencyFrom"] = "due time (open loop)",
        ["settings"] = Settings(stage, contenders),
    };

    internal static JsonObject Settings(Stage stage, IReadOnlyList<Contender> contenders)
    {
        var settings = new JsonObject();
        IEnumerable<(string Name, string Value)> raised = contenders.Any(contender => contender is Contender.Gateway) ? Contender.Gateway.RaisedLimits : [];
        foreach (var (name, value) in raised.Concat(stage.Environment))
        {
            settings[name] = value;
        }

        foreach (var gateway in contenders.OfType<Contender.Gateway>().Where(gateway => gateway.Settings.Length > 0))
        {
            settings[gateway.Name] = new JsonObject(gateway.Settings.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)setting.Value)));
        }

        return settings;
    }
}
