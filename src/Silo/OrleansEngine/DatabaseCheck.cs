using Microsoft.Extensions.Hosting;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Refuses to start on a database that lacks Orleans' tables, before Orleans would fail with a stack.</summary>
internal sealed class DatabaseCheck(ClusterSettings cluster) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => ClusterDatabase.CheckAsync(cluster, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
