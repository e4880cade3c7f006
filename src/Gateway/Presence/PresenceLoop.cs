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
        EveryAsync(TenantWatches.RereadInterval, RereadAsync, stoppingToken),
        EveryAsync(PacketInterval, FlushAsync, stoppingToken));

    private async Task RereadAsync(CancellationToken cancellationToken)
    {
        foreach (var feed in feeds.All)
        {
            await feed.Watches.RereadAsync(cancellationToken);
        }
    }

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
