namespace Orleans.Runtime;

/// <summary>One activation of a grain: the instance in memory, its identity and its services.</summary>
public interface IGrainContext
{
    /// <summary>Which grain this is an activation of.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object, or null before it was constructed and after it ended.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation's own scope.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once the requests that run now are done; those that wait go to the next activation.</summary>
    /// <param name="deactivationReason">What <see cref="Grain.OnDeactivateAsync"/> will be told.</param>
    /// <param name="cancellationToken">Asks the deactivation to hurry.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
