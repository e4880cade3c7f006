using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine knows of a grain object.</summary>
public interface IGrainBase
{
    /// <summary>The activation the object belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first request.</summary>
    /// <param name="token">Cancelled when activation takes longer than the host allows.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last request.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when deactivation takes longer than the host allows.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
