namespace Orleans.Embedded.Grains.Activations;

/// <summary>Where the requests of one grain key go: its activation, or its stateless workers.</summary>
internal interface IRequestTarget
{
    /// <summary>Queues the request, or returns false if this target has ended and the directory must be asked again.</summary>
    /// <exception cref="Runtime.LimitExceededException">The activation has as many requests as allowed.</exception>
    bool TryAccept(Request request);

    /// <summary>Every activation behind this target.</summary>
    void ForEachActivation(Action<Activation> visit);
}
