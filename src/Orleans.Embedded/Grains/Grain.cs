using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain object: state and behaviour of one named thing, of which at most one activation exists and which runs one turn at a time.</summary>
[SuppressMessage("Naming", "CA1725:Parameter names should match base declaration", Justification = "Both names are Orleans'.")]
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Takes the activation from the engine that constructs the grain.</summary>
    protected Grain() => GrainContext = Activation.UnderConstruction;

    /// <summary>The activation this object belongs to; null if the object was constructed by hand.</summary>
    [AllowNull]
    public IGrainContext GrainContext { get; }

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.Of(this).GrainFactory;

    /// <summary>The services of this activation's own scope.</summary>
    protected internal IServiceProvider ServiceProvider => Activation.Of(this).ActivationServices;

    /// <summary>The grain's type and key as one text.</summary>
    public string IdentityString => Activation.Of(this).GrainId.ToString();

    /// <summary>Runs in the first turn, before any request. If it throws, the waiting callers get that exception and the next call tries anew.</summary>
    /// <param name="cancellationToken">Cancelled when activation takes longer than the host allows.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs in the last turn, after every request. It does not run when the process dies.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when deactivation takes longer than the host allows.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once the requests that run now are done; those that wait go to the next activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps an idle activation in memory for at least this time from now; a negative or zero time takes that back.</summary>
    /// <param name="timeSpan">The time, <see cref="TimeSpan.MaxValue"/> for as long as the host runs.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.Of(this).DelayDeactivation(timeSpan);
}
