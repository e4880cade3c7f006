using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>A silo stands still and then goes on as if nothing had been.</summary>
public sealed class FreezeTests
{
    /// <summary>A ceiling; the aim is 10 s. A call that the silo had taken is given up after 8 s.</summary>
    private const double SendSecondsMax = 20;

    private static readonly TimeSpan EndTimeMax = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Silo_FrozenAndThawed_WritesNothingTwiceAndIsReplaced()
    {
        await using var run = await ClusterRun.StartAsync(new CrowdPlan(), new ClusterPlan());
        await run.TalkAsync(TimeSpan.FromSeconds(5));
        var silo = run.Cluster.Silos.MaxBy(run.Cluster.ConversationsOf)!;
        var frozen = run.History.Now;
        var processId = silo.ProcessId;

        await silo.FreezeAsync();
        run.Say($"{silo.Name} is frozen, which has {run.Cluster.ConversationsOf(silo)} conversations");
        await run.TalkAsync(Length.OfSeconds(18, 30));
        var replaced = silo.ReplacedAsync();
        await silo.ThawAsync();
        run.Say($"{silo.Name} goes on");
        await replaced.WaitAsync(EndTimeMax, TestContext.Current.CancellationToken);
        run.Say($"{silo.Name} ended by itself and a new one is active");
        await run.TalkAsync(TimeSpan.FromSeconds(5));

        await run.EndAsync();
        var sends = new Durations();
        sends.AddRange(Recoveries.OfSends(run.History.Entries, frozen, run.History.Now));
        run.Say($"first accepted send of a conversation of the frozen silo: {sends} (aim: 10 s)");
        run.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"fenced appends: {run.Cluster.Metrics.Sum(MessageLogMetrics.Appends, MessageLogMetrics.Fenced)}, of the frozen silo {run.Cluster.Metrics.Sum(MessageLogMetrics.Appends, MessageLogMetrics.Fenced, processId)}"));
        sends.Count.ShouldBeGreaterThan(0, "a freeze that nobody noticed proves nothing");
        sends.Max.ShouldBeLessThanOrEqualTo(SendSecondsMax);
        run.Cluster.UnexpectedEnds.ShouldHaveSingleItem().Name.ShouldBe(silo.Name);
        run.IsWell();
    }
}

internal static class MessageLogMetrics
{
    internal const string Appends = "chat.log.appends";
    internal const string Fenced = "outcome=fenced";
}
