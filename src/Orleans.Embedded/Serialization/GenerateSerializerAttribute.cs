namespace Orleans;

/// <summary>Marks a type that crosses a grain call and needs a serializer. In one process nothing is serialised; the mark is for the other engine.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;
