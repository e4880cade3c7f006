using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hosting;

/// <summary>
/// Listens for the silos' canaries. A client may go deaf while its calls succeed (a silo gives up sending to it after one
/// failure); then it is replaced, and every session reads again what it shows. Until then, and where that does not help,
/// repair brings what events do not; readiness does not depend on them.
/// </summary>
internal sealed partial class StreamWatch(
    OrleansLink link, TenantFeeds feeds, SessionRegistry sessions, IOptions<StreamWatchOptions> options, TimeProvider time, GatewayInstruments instruments, ILogger<StreamWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan RenewTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly ConcurrentBag<StreamSubscriptionHandle<Canary>> _subscriptions = [];
    private readonly long[] _heardAt = new long[CanaryStreams.Count];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(ListenAsync, stoppingToken);
        var renewedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(CanaryStreams.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsDeaf() && time.GetElapsedTime(renewedAt) >= options.Value.RenewalPause)
            {
                await TryAsync(RenewAsync, stoppingToken);
                renewedAt = time.GetTimestamp();
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StopListeningAsync([.. _subscriptions]);
    }

    private bool IsDeaf()
    {
        var latest = time.GetElapsedTime(_heardAt.Max());
        var oldest = time.GetElapsedTime(_heardAt.Min());
        return latest > options.Value.SilenceMax || oldest > options.Value.PartialSilenceMax;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        Log.Deaf(logger, time.GetElapsedTime(_heardAt.Max()), time.GetElapsedTime(_heardAt.Min()));
        instruments.OnClientRenewed();
        StreamSubscriptionHandle<Canary>[] former = [.. _subscriptions];
        await link.RenewAsync(cancellationToken);
        await feeds.ResubscribeAsync();
        foreach (var session in sessions.All)
        {
            session.Resync();
        }

        await ListenAsync(cancellationToken);
        await StopListeningAsync(former);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _subscriptions.Clear();
        Array.Fill(_heardAt, time.GetTimestamp());
        var provider = link.Client.GetStreamProvider(TenantStreams.Provider);
        await Task.WhenAll(Enumerable.Range(0, CanaryStreams.Count).Select(ListenAsync));

        async Task ListenAsync(int number) =>
            _subscriptions.Add(await provider.GetStream<Canary>(CanaryStreams.Of(number)).SubscribeAsync((canary, _) => OnHeard(canary)).WaitAsync(cancellationToken));
    }

    /// <summary>Best effort: silos give up subscriptions of a client that is gone, but try to serve them for a while.</summary>
    private async Task StopListeningAsync(StreamSubscriptionHandle<Canary>[] subscriptions)
    {
        try
        {
            await Task.WhenAll(subscriptions.Select(subscription => subscription.UnsubscribeAsync())).WaitAsync(StopTimeout);
        }
        catch (Exception exception)
        {
            Log.StopFailed(logger, exception.Message);
        }
    }

    private Task OnHeard(Canary canary)
    {
        if (canary.Number is >= 0 and < CanaryStreams.Count)
        {
            Volatile.Write(ref _heardAt[canary.Number], time.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    private async Task TryAsync(Func<CancellationToken, Task> attempt, CancellationToken stoppingToken)
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        impatient.CancelAfter(RenewTimeout);
        try
        {
            await attempt(impatient.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5411, LogLevel.Warning, "No events from any silo for {Silence}, from some for {PartialSilence}: replacing the Orleans client; every session reads again what it shows.")]
        internal static partial void Deaf(ILogger logger, TimeSpan silence, TimeSpan partialSilence);

        [LoggerMessage(5412, LogLevel.Warning, "Listening for the silos' canaries failed; trying again: {Reason}.")]
        internal static partial void Failed(ILogger logger, string reason, Exception? exception);

        [LoggerMessage(5413, LogLevel.Debug, "Ending the canaries' subscriptions failed: {Reason}")]
        internal static partial void StopFailed(ILogger logger, string reason);
    }
}
