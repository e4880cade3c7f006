namespace OrleansChat.Testing;

/// <summary>Names the rule of the semantics that a test defends, such as <c>M3</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RuleAttribute(string rule) : Attribute
{
    /// <summary>The rule's id.</summary>
    public string Rule { get; } = rule;
}
