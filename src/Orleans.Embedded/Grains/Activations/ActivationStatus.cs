namespace Orleans.Embedded.Grains.Activations;

/// <summary>Where an activation is on its way; it only ever moves down this list.</summary>
internal enum ActivationStatus
{
    Created,
    Activating,
    Active,
    Ending,
    Ended,
}
