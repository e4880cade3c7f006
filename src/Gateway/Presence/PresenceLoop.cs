using OrleansChat.Gateway.Fanout;
using OrleansChat.Presence;

namespace OrleansChat.Gateway.Presence;

/// <summary>The paces of presence on a gateway: beats, readings of who is watched, packets. None waits for another.</summary>
internal sealed class PresenceLoop(PresenceReporter reporter, TenantFeeds feeds, TimeProvider time) : BackgroundService
{
    /// <summary>Changes reach a viewer in one packet per second (rule P5).</summary>
    private static readonly TimeSpan PacketInterval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(IPresenceGrain.BeatInterval, reporter.BeatAsync, stoppingToken),
        EveryAsync(TenantWatches.RereadInterval, token => RereadAsync(feeds.All.Select(feed => feed.Watches), token), stoppingToken),
        EveryAsync(PacketInterval, FlushAsync, stoppingToken));

    /// <summary>Tenants that are read at the same time: some that do not answer do not let the others' values grow old.</summary>
    private const int ReadsAtOnce = 64;

    /// <summary>Reads again whoever is watched.</summary>
    internal static Task RereadAsync(IEnumerable<TenantWatches> tenants, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        tenants,
        new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
        async (watches, token) => await watches.RereadAsync(token));

    private Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var feed in feeds.All)
        {
            feed.Watches.Flush();
        }

        return Task.CompletedTask;
    }

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await act(stoppingToken);
        }
    }
}
