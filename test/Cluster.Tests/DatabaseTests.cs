using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>The database crashes under load.</summary>
public sealed class DatabaseTests
{
    private const double SecondsMax = 5;

    [Fact]
    public async Task Postgres_CrashesUnderLoad_LosesNothingAndSendsGoOnSoon()
    {
        await using var run = await ClusterRun.StartAsync(new CrowdPlan(), new ClusterPlan());
        var recoveries = new Durations();
        for (var crash = 0; crash < Length.Of(1, 20); crash++)
        {
            await run.TalkAsync(TimeSpan.FromSeconds(5));
            await run.Database.Server.CrashAsync();
            run.Say("PostgreSQL stopped -m immediate");
            await run.TalkAsync(TimeSpan.FromSeconds(crash % 4));
            await run.Database.Server.StartAgainAsync();
            var accepting = run.History.Now;
            await run.AcksAsync(1);
            recoveries.Add((run.History.Now - accepting) / 1e6);
            await run.TalkAsync(TimeSpan.FromSeconds(5));
            var conversations = Recoveries.OfSends(run.History.Entries, accepting, run.History.Now).ToArray();
            run.Say(string.Create(
                CultureInfo.InvariantCulture, $"accepts connections; every conversation accepted a send after {conversations.DefaultIfEmpty().Max():0.00} s"));
        }

        await run.EndAsync();
        run.Say($"first accepted send after the database accepted connections: {recoveries}");
        recoveries.Max.ShouldBeLessThanOrEqualTo(SecondsMax);
        run.Cluster.UnexpectedEnds.ShouldBeEmpty();
        run.IsWell();
    }
}
