using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;

namespace OrleansChat.Gateway.Http;

/// <summary>Ready means: a grain answers, and the store behind it, and the gateway has not been told to stop. The event stream does not matter, repair works without it.</summary>
internal sealed class ReadyCheck(IGrainLink grains, IHostApplicationLifetime lifetime) : IHealthCheck
{
    internal const string Name = "grains";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The gateway stops.");
        }

        try
        {
            await grains.Client.GetGrain<IRepairGrain>(IRepairGrain.Key).RecentAsync([], TimeSpan.Zero, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (GrainFailures.IsPassing(exception))
        {
            return HealthCheckResult.Unhealthy($"No grain answers: {GrainFailures.ReasonOf(exception)}.");
        }
    }
}
