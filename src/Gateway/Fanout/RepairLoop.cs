using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Sessions;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// Asks every 2 s what the store says has changed, and has read what the stream did not bring. With the stream silent,
/// members still get everything within 3 s (design §4.5). After a time without an answer it asks for that time too; after
/// a longer one than the store is asked for, every session is told to sync.
/// </summary>
internal sealed class RepairLoop(
    TenantFeeds feeds, SessionRegistry sessions, IGrainLink grains, IOptions<FanoutOptions> options, TimeProvider time, ILogger<RepairLoop> logger)
    : BackgroundService
{
    private readonly FanoutOptions _options = options.Value;

    /// <summary>When the store last answered.</summary>
    private long _answeredAt = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.RepairInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Task.WhenAll(RepairAsync(stoppingToken), RefreshAdmissionsAsync(stoppingToken));
                _ = feeds.ReleaseAsync(); // Never awaited, like subscribing: repair does not depend on the stream.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                FanoutLog.RepairFailed(logger, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
            }
        }
    }

    /// <summary>A gateway that stops leaves no subscription behind that silos would try to serve.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await feeds.EndAsync();
    }

    /// <summary>People whose role or permissions changed while the hint of it was lost.</summary>
    private async Task RefreshAdmissionsAsync(CancellationToken cancellationToken)
    {
        var tenants = feeds.All.ToDictionary(tenant => tenant.Id);
        if (tenants.Count == 0)
        {
            return;
        }

        var stored = await grains.Client.GetGrain<IRepairGrain>(IRepairGrain.Key).VersionsAsync([.. tenants.Keys], cancellationToken);
        foreach (var versions in stored)
        {
            _ = tenants[versions.TenantId].Admissions.RepairAsync(versions); // Never awaited: messages are not repaired later for it.
        }
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var tenants = feeds.All;
        var asked = time.GetTimestamp();
        if (tenants.Count == 0)
        {
            _answeredAt = asked;
            return;
        }

        foreach (var tenant in tenants)
        {
            tenant.Trim();
            tenant.AskAgain();
            if (!tenant.IsSubscribed)
            {
                _ = feeds.SubscribeAsync(tenant);
            }
        }

        var silence = time.GetElapsedTime(_answeredAt, asked);
        var recent = await grains.Client.GetGrain<IRepairGrain>(IRepairGrain.Key)
            .RecentAsync([.. tenants.Select(tenant => tenant.Id)], silence, cancellationToken);
        _answeredAt = asked;
        if (silence > IRepairGrain.SilenceMax)
        {
            FanoutLog.SilentTooLong(logger, silence);
            foreach (var session in sessions.All)
            {
                session.Resync();
            }
        }

        var byTenant = recent.ToLookup(change => change.TenantId);
        if (!tenants.Any(tenant => tenant.Missing(byTenant[tenant.Id]).Count > 0))
        {
            return;
        }

        await Task.Delay(_options.RepairGrace, time, cancellationToken);
        foreach (var tenant in tenants)
        {
            var missing = tenant.Missing(byTenant[tenant.Id]);
            if (missing.Count > 0)
            {
                FanoutLog.Repairing(logger, missing.Count, tenant.Id);
                missing.ForEach(tenant.Repair);
                if (tenant.SeemsDeaf())
                {
                    FanoutLog.Deaf(logger, tenant.Id);
                    _ = feeds.SubscribeAsync(tenant);
                }
            }
        }
    }
}
