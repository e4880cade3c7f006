using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrleansChat.Conversations;

namespace OrleansChat.Silo;

/// <summary>Ready means: grains answer, and the store behind them, and the silo has not been told to stop.</summary>
internal sealed class SiloReadyCheck(IClusterClient cluster, IHostApplicationLifetime lifetime) : IHealthCheck
{
    internal const string Name = "grains";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The silo stops.");
        }

        try
        {
            await cluster.GetGrain<IRepairGrain>(IRepairGrain.Key).RecentAsync([], TimeSpan.Zero, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException or OrleansException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"No grain answers: {exception.GetType().Name}.");
        }
    }
}
