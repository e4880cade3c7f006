using System.Net;

namespace OrleansChat.Cluster.Tests;

/// <summary>Not one event leaves the silos: repair alone brings the messages.</summary>
public sealed class LostEventsTests
{
    private const string GapsRead = "chat.gateway.gaps";
    private const string ClientsRenewed = "chat.gateway.client.renewals";
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Gateways_HearNoEventAtAll_DeliverWithinThreeSecondsAndStayReady()
    {
        await using var run = await ClusterRun.StartAsync(new CrowdPlan(), new ClusterPlan { SiloProgram = "Cluster.DeafSilo" });
        using var enough = new CancellationTokenSource();
        var polls = run.Cluster.Gateways.Select(gateway => PollAsync(gateway, enough.Token)).ToArray();

        await run.TalkAsync(Length.OfSeconds(25, 300));

        await enough.CancelAsync();
        (await Task.WhenAll(polls)).ShouldAllBe(notReady => notReady.Count == 0);
        var result = await run.EndAsync();
        Recoveries.OfDeliveries(result.History, 0).Percentile(99).ShouldBeLessThanOrEqualTo(3);
        run.Say($"gateways read {run.Cluster.Metrics.Sum(GapsRead)} gaps and renewed their Orleans clients {run.Cluster.Metrics.Sum(ClientsRenewed)} times");
        run.Cluster.Metrics.Sum(GapsRead).ShouldBeGreaterThan(0);
        run.IsWell();
    }

    /// <summary>Asks whether it is ready all the time.</summary>
    /// <returns>Every answer that said no.</returns>
    private static async Task<List<HttpStatusCode>> PollAsync(ClusterMember gateway, CancellationToken enough)
    {
        var no = new List<HttpStatusCode>();
        using var http = new HttpClient { BaseAddress = gateway.Address };
        while (!enough.IsCancellationRequested)
        {
            using var answer = await http.GetAsync("/health/ready", CancellationToken.None);
            if (!answer.IsSuccessStatusCode)
            {
                no.Add(answer.StatusCode);
            }

            await Task.Delay(PollPause, CancellationToken.None);
        }

        return no;
    }
}
