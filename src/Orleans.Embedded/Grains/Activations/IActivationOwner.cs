namespace Orleans.Embedded.Grains.Activations;

/// <summary>Who keeps an activation and is told of its end, outside the activation's gate.</summary>
internal interface IActivationOwner
{
    void Remove(Activation activation);

    /// <summary>Removes the activation and passes its waiting requests on; gives back those that have nowhere to go.</summary>
    List<Request>? Succeed(Activation activation, List<Request> waiting);
}
