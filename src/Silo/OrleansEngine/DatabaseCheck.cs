using Microsoft.Extensions.Hosting;
using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Refuses to start on a database that lacks the cluster's tables, before Orleans would fail with a stack.</summary>
internal sealed class DatabaseCheck(ClusterSettings cluster) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => PostgresSchema.CheckAsync(
        cluster.ConnectionString, ClusterSettings.ConnectionStringOption, PostgresSchemas.Cluster, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
