using OrleansChat.Checker;

namespace OrleansChat.Cluster.Tests;

/// <summary>Operators add and remove silos while people talk.</summary>
public sealed class JoinAndLeaveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Silo_JoinsUnderLoadAndTheOthersLeave_TakesTheirActivationsAndNoSendFails()
    {
        await using var run = await ClusterRun.StartAsync(new CrowdPlan(), new ClusterPlan { Silos = 2 });
        await run.TalkAsync(Length.OfSeconds(5, 60));

        var joined = await run.Cluster.AddSiloAsync();
        run.Say($"{joined.Name} is active");
        await run.TalkAsync(Length.OfSeconds(5, 60));
        foreach (var leaves in run.Cluster.Silos.Where(silo => silo != joined).ToArray())
        {
            run.Say($"{leaves.Name} has {run.Cluster.ConversationsOf(leaves)} conversations, {joined.Name} {run.Cluster.ConversationsOf(joined)}");
            var began = run.History.Now;
            var (exitCode, took) = await leaves.TerminateAsync();
            run.Say($"{leaves.Name} left within {took.TotalSeconds:0.0} s with {exitCode}");
            exitCode.ShouldBe(0);
            await run.TalkAsync(Length.OfSeconds(5, 60));
            var delays = new Durations();
            delays.AddRange(Recoveries.OfSends(run.History.Entries, began, run.History.Now));
            run.Say($"sends delayed by it: {delays}");
        }

        // Only the new one is left, and holds all of them.
        await run.Cluster.Metrics.UntilAsync(
            _ => run.Cluster.ConversationsOf(joined) >= run.Crowd.Conversations.Count, Patience);
        run.Say($"{joined.Name} has {run.Cluster.ConversationsOf(joined)} conversations");

        var result = await run.EndAsync();
        var strangers = run.Crowd.Clients.Where(client => client.Conversations.Count == 0).Select(client => client.User).ToHashSet();
        result.History.Where(entry => entry is { Op: Operation.Post, Phase: Phase.Fail } && !strangers.Contains(entry.User)).ShouldBeEmpty();
        run.Cluster.UnexpectedEnds.ShouldBeEmpty();
        run.IsWell();
    }
}
