namespace Orleans.Embedded.Grains.Activations;

/// <summary>What the attributes and interfaces of a grain class say. The same for every host in the process.</summary>
internal sealed class GrainClassDescription
{
    internal required Type ClassType { get; init; }

    /// <summary>The lasting name, from <see cref="GrainTypeAttribute"/> or else the class name without its suffix.</summary>
    internal required string TypeName { get; init; }

    internal required IReadOnlyList<Type> Interfaces { get; init; }

    internal required bool IsReentrant { get; init; }

    internal required bool OverridesOnActivate { get; init; }

    internal required bool OverridesOnDeactivate { get; init; }

    /// <summary>Activations per key of a stateless worker; 0 for an ordinary grain.</summary>
    internal required int WorkersMax { get; init; }
}
