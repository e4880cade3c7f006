using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>Silos and gateways die while people talk and members change.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MembersPause = TimeSpan.FromSeconds(7);

    /// <summary>Ceilings; the aims are 5 s and 8 s for 95 of 100.</summary>
    private const double SendSecondsMax = 15, ClientSecondsMax = 20;

    private readonly Durations _sends = new();
    private readonly Durations _clients = new();

    [Fact]
    [Rule("M3")]
    public async Task Cluster_SilosAndGatewaysKilledWhilePeopleTalk_KeepsEveryPromise()
    {
        var crowd = Length.Of(new CrowdPlan(), new CrowdPlan { Users = 200, Conversations = 20, PerSecond = 200 });
        await using var run = await ClusterRun.StartAsync(crowd, new ClusterPlan());
        using var enough = new CancellationTokenSource(Length.OfSeconds(45, 300));

        await Task.WhenAll(
            KillSilosAsync(run, TimeSpan.FromSeconds(20), enough.Token),
            KillGatewaysAsync(run, Length.OfSeconds(25, 60), enough.Token),
            ChangeMembersAsync(run, enough.Token));

        var result = await run.EndAsync();
        run.Say($"first accepted send of an affected conversation after a silo's kill: {_sends} (aim: p95 5 s)");
        run.Say($"clients of a killed gateway back and caught up: {_clients} (aim: p95 8 s)");
        run.Say(string.Create(CultureInfo.InvariantCulture, $"false evictions: {run.Cluster.UnexpectedEnds.Count()}"));
        run.Cluster.UnexpectedEnds.ShouldAllBe(end => end.Name.StartsWith("silo", StringComparison.Ordinal), "a gateway ended by itself");
        _sends.Count.ShouldBeGreaterThan(0, "kills that nobody noticed prove nothing");
        _sends.Max.ShouldBeLessThanOrEqualTo(SendSecondsMax);
        _clients.Max.ShouldBeLessThanOrEqualTo(ClientSecondsMax);
        result.History.Count(entry => entry is { Op: Checker.Operation.Post, Phase: Checker.Phase.Ok }).ShouldBeGreaterThan(1_000, "a run in which little was said proves little");
        run.IsWell();
    }

    /// <summary>Orleans tidies its membership table up after 25 dead silos: so many in the long campaign.</summary>
    [Fact]
    public async Task Silos_KilledAgainAndAgain_StillFindEachOther()
    {
        var kills = Length.Of(3, 27);
        await using var run = await ClusterRun.StartAsync(new CrowdPlan { PerSecond = 20 }, new ClusterPlan());
        for (var kill = 0; kill < kills; kill++)
        {
            var silo = run.Cluster.Silos[kill % run.Cluster.Silos.Count];
            await silo.KillAsync();
            await silo.StartAsync();
            await run.AcksAsync(20);
        }

        await run.EndAsync();
        (await run.Database.ScalarAsync<long>("select count(*) from orleansmembershiptable where status = 3")).ShouldBe(run.Cluster.Silos.Count);
        run.Cluster.UnexpectedEnds.ShouldBeEmpty();
        run.IsWell();
    }

    private async Task KillSilosAsync(ClusterRun run, TimeSpan interval, CancellationToken enough)
    {
        await PausesAsync(interval / 2, enough);
        while (!enough.IsCancellationRequested)
        {
            var silo = run.Cluster.Silos.MaxBy(run.Cluster.ConversationsOf)!;
            var pause = PausesAsync(interval, enough);
            var killed = run.History.Now;
            run.Say($"kill -9 {silo.Name}, which has {run.Cluster.ConversationsOf(silo)} conversations");
            await silo.KillAsync();
            await Task.Delay(RestartPause, CancellationToken.None);
            await silo.StartAsync();
            await pause;
            var recoveries = Recoveries.OfSends(run.History.Entries, killed, run.History.Now).ToArray();
            _sends.AddRange(recoveries);
            run.Say(string.Create(CultureInfo.InvariantCulture, $"{recoveries.Length} conversations were affected, the last one accepted a send after {recoveries.DefaultIfEmpty().Max():0.00} s"));
        }
    }

    private async Task KillGatewaysAsync(ClusterRun run, TimeSpan interval, CancellationToken enough)
    {
        await PausesAsync(interval, enough);
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var gateway = run.Cluster.Gateways[number % run.Cluster.Gateways.Count];
            var pause = PausesAsync(interval, enough);
            var killed = run.History.Now;
            run.Say($"kill -9 {gateway.Name}");
            var lost = run.Crowd.Clients.Where(client => client.Connects.Last(connect => connect.T <= killed).Gateway == gateway.Address).ToArray();
            await gateway.KillAsync();
            await Task.WhenAll(lost.Select(client => client.BackAsync(killed))).WaitAsync(TimeSpan.FromSeconds(2 * ClientSecondsMax), CancellationToken.None);
            _clients.AddRange(Recoveries.OfClients(lost, gateway.Address, killed));
            run.Say($"its {lost.Length} clients are back");
            await gateway.StartAsync();
            foreach (var client in lost)
            {
                client.MoveTo(gateway.Address);
            }

            await pause;
        }
    }

    private static async Task ChangeMembersAsync(ClusterRun run, CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            await PausesAsync(MembersPause, enough);
            await run.Crowd.ChangeMembersAsync(run.Crowd.Conversations[number % run.Crowd.Conversations.Count]);
            run.Crowd.Failures.ShouldBeEmpty();
        }
    }

    private static Task PausesAsync(TimeSpan pause, CancellationToken enough) => Task.Delay(pause, enough).ContinueWith(_ => { }, TaskScheduler.Default);
}
