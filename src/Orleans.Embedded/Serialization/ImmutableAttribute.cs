namespace Orleans;

/// <summary>Promises that an instance never changes after it was handed to a call. This engine relies on it for every argument and result: it copies nothing.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field
    | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute;
