namespace OrleansChat.Gateway.Hubs;

/// <summary>The answer of a hub method that was not refused; docs/protocol.md is held against it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswersAttribute(Type answer) : Attribute
{
    public Type Answer => answer;
}
