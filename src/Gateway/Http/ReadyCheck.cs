using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansChat.Conversations;

namespace OrleansChat.Gateway.Http;

/// <summary>Ready means: a grain answers, and the store behind it. The event stream does not matter, repair works without it.</summary>
internal sealed class ReadyCheck(IClusterClient cluster) : IHealthCheck
{
    internal const string Name = "grains";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await cluster.GetGrain<IRepairGrain>(IRepairGrain.Key).RecentAsync([], TimeSpan.Zero, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
