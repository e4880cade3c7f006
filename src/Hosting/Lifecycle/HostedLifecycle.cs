using Microsoft.Extensions.Hosting;

namespace OrleansChat.Hosting;

/// <summary>A part of a host's life that needs only some of its stages; the others do nothing.</summary>
public abstract class HostedLifecycle : IHostedLifecycleService
{
    /// <inheritdoc />
    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public virtual Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public virtual Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public virtual Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public virtual Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public virtual Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
