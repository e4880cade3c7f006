using Orleans.Embedded.Grains.Calls;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Reads the identity of a grain from the grain itself or from a reference to it.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's type and key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        IGrainBase { GrainContext: { } context } => context.GrainId,
        GrainReference reference => reference.GrainId,
        _ => throw new ArgumentException($"{grain?.GetType().ToString() ?? "null"} is neither an activated grain nor a reference to one.", nameof(grain)),
    };

    /// <summary>The grain's key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();
}
