using OrleansChat.Identity;

namespace OrleansChat.Inbox;

/// <summary>
/// An event about people rather than a conversation's log; travels on the tenant's <c>signals</c> stream and is not
/// repaired when lost: whoever needs the fact reads it again.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.TenantSignal")]
public abstract record TenantSignal
{
    /// <summary>Whose tenant.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }
}

/// <summary>Told to the person's own sessions after a read mark was committed (rule U10).</summary>
[GenerateSerializer, Immutable, Alias("chat.ReadCursorMoved")]
public sealed record ReadCursorMoved : TenantSignal
{
    /// <summary>Whose cursor.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>In which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The new counts.</summary>
    [Id(2)]
    public required UnreadBasis Basis { get; init; }
}
