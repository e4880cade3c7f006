using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>
/// Two clusters that do not know of each other have the same database: every conversation has two activations for as long as
/// the run lasts, which no single cluster would ever have.
/// </summary>
public sealed class TwoClustersTests
{
    [Fact]
    public async Task Clusters_WriteTheSameConversations_FenceEachOtherAndForkNothing()
    {
        await using var run = await ClusterRun.StartAsync(new CrowdPlan(), Plan("blue"), Plan("green"));

        await run.TalkAsync(Length.OfSeconds(8, 60));

        await run.EndAsync();
        var fenced = run.Clusters.Select(cluster => cluster.Metrics.Sum(MessageLogMetrics.Appends, MessageLogMetrics.Fenced)).ToArray();
        run.Say(string.Create(CultureInfo.InvariantCulture, $"fenced appends: {string.Join(" and ", fenced)}"));
        fenced.ShouldAllBe(conflicts => conflicts > 0);
        run.IsWell();
    }

    private static ClusterPlan Plan(string name) => new()
    {
        Silos = Length.Of(1, 2),
        Gateways = 1,
        Prefix = name + "-",
        Settings = new Dictionary<string, string> { ["Cluster:ClusterId"] = name },
    };
}
