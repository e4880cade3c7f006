namespace Orleans;

/// <summary>The lasting name of a grain class: the first part of every <see cref="Runtime.GrainId"/> and thus of every storage key.</summary>
/// <param name="grainType">A literal, unique among the grain classes of a host.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string Name { get; } = grainType;
}
