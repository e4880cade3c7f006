namespace Orleans.Embedded.Grains.Activations;

/// <summary>Something an activation does in turns of its own: a call, a tick of a timer, an event of a stream.</summary>
internal abstract class Request
{
    /// <summary>The activation where it waits or runs.</summary>
    internal Activation? Activation { get; set; }

    internal Request? QueuePrevious { get; set; }

    internal Request? QueueNext { get; set; }

    internal RequestList? Queue { get; set; }

    /// <summary>Its place in the order of arrival at the activation.</summary>
    internal long Arrival { get; set; }

    /// <summary>Whether it may start while any other request waits in an await.</summary>
    internal abstract bool Interleaves { get; }

    /// <summary>Whether it may start while only other read-only requests wait in an await.</summary>
    internal virtual bool IsReadOnly => false;

    /// <summary>Whether it counts as use of the activation.</summary>
    internal virtual bool KeepsAlive => true;

    /// <summary>Whether nobody wants it to run any more.</summary>
    internal virtual bool IsAbandoned => false;

    /// <summary>What it is, for a person.</summary>
    internal abstract string Description { get; }

    /// <summary>Starts it in a turn. Must not throw, and must call <see cref="Activation.End"/> in a turn when it is done.</summary>
    internal abstract void Run(object grain);

    /// <summary>It will not run on this activation; true if it is to be tried on the next one.</summary>
    /// <param name="fruitless">Whether this activation ended without having run anything.</param>
    internal abstract bool TryForward(bool fruitless);

    /// <summary>It will not run at all.</summary>
    internal abstract void Refuse(Exception reason);
}
