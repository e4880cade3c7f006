using System.Text.Json.Nodes;
using OrleansChat.Load.Reporting;
using OrleansChat.Load.Servers;
using OrleansChat.Load.Sockets;

namespace OrleansChat.Load.Scenarios;

/// <summary>What it costs that people see each other come and go: changes of presence, each told to everybody who looks.</summary>
internal static class PresenceScenario
{
    internal static async Task RunAsync(
        PresencePlan plan, Stage stage, IReadOnlyList<Contender> contenders, int rounds, CancellationToken cancellationToken)
    {
        if (plan.Watched >= plan.Sessions)
        {
            throw new LoadException($"--watched is {plan.Watched}; it must be less than --sessions.");
        }

        if (stage.Pinned)
        {
            await Pinning.PinLoadAsync();
        }

        var report = new RunReport("presence", new JsonObject
        {
            ["store"] = stage.Store.ToString(),
            ["sessions"] = plan.Sessions,
            ["watchedByEach"] = plan.Watched,
            ["changesPerMinute"] = plan.ChangesPerMinute,
            ["warmUpSeconds"] = plan.WarmUp.TotalSeconds,
            ["durationSeconds"] = plan.Duration.TotalSeconds,
            ["rounds"] = rounds,
            ["pinned"] = stage.Pinned,
            ["latencyFrom"] = "due time (open loop), with the wait for the packet of the second",
            ["settings"] = SocketScenario.Settings(stage, contenders),
        });
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                RunReport.Say($"{contender.Name} starts (round {round} of {rounds})");
                await using var server = await contender.StartAsync(stage, cancellationToken);
                report.Add(contender.Name, await new PresenceTraffic(plan, server).RunAsync(cancellationToken));
            }
        }

        report.Write();
    }
}
