using Microsoft.Extensions.Options;
using OrleansChat.Conversations;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// Asks every 2 s what the store says has changed, and has read what the stream did not bring. With the stream silent,
/// members still get everything within 3 s (design §4.5).
/// </summary>
internal sealed class RepairLoop(
    TenantFeeds feeds, IClusterClient cluster, IOptions<FanoutOptions> options, TimeProvider time, ILogger<RepairLoop> logger) : BackgroundService
{
    private readonly FanoutOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.RepairInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RepairAsync(stoppingToken);
                await feeds.ReleaseAsync();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                FanoutLog.RepairFailed(logger, exception);
            }
        }
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var tenants = feeds.All;
        if (tenants.Count == 0)
        {
            return;
        }

        var recent = await cluster.GetGrain<IRepairGrain>(IRepairGrain.Key)
            .RecentAsync([.. tenants.Select(tenant => tenant.Id)], cancellationToken);
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
            }

            tenant.Trim();
        }
    }
}
