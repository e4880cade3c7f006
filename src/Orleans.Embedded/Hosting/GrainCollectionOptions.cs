namespace Orleans.Configuration;

/// <summary>When activations end by themselves, and how long beginning and ending may take.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often idle activations are looked for: an activation lives up to this much longer than its age allows. Above zero; one minute by default.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an activation may be idle. Above the quantum; 15 minutes by default.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same per grain class, by the class's full name.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    /// <summary>After this time the token of OnActivateAsync is cancelled. Above zero; 30 seconds by default.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After this time the token of OnDeactivateAsync is cancelled and the activation ends anyway. Above zero; 30 seconds by default.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
