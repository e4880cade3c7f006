using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>Who did what: written in the transaction of the act itself, and never changed (rule R4).</summary>
[GenerateSerializer, Immutable, Alias("chat.AuditRecord")]
public sealed record AuditRecord
{
    /// <summary>A UUID of version 7; only a name.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>When, by the server's clock.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The person or the service who acted.</summary>
    [Id(2)]
    public required UserId ActorId { get; init; }

    /// <summary>What was done, such as <c>policy.changed</c>; literals, listed in docs/protocol.md.</summary>
    [Id(3)]
    public required string Action { get; init; }

    /// <summary>In which conversation, where it was in one.</summary>
    [Id(4)]
    public ConversationId? ConversationId { get; init; }

    /// <summary>What else there is to know: a JSON object, without texts of messages.</summary>
    [Id(5)]
    public required string Details { get; init; }
}
