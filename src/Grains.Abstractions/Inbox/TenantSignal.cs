using System.Collections.Immutable;
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

/// <summary>One cursor among many that moved at once.</summary>
[GenerateSerializer, Immutable, Alias("chat.MovedCursor")]
public sealed record MovedCursor
{
    /// <summary>In which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The new counts.</summary>
    [Id(1)]
    public required UnreadBasis Basis { get; init; }
}

/// <summary>Told to the person's own sessions after many cursors moved in one commit (rules U10, U12).</summary>
[GenerateSerializer, Immutable, Alias("chat.ReadCursorsMoved")]
public sealed record ReadCursorsMoved : TenantSignal
{
    /// <summary>Whose cursors.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>At most <see cref="CursorsMax"/>; none when more moved, and everything is to be read again.</summary>
    [Id(1)]
    public required ImmutableArray<MovedCursor> Cursors { get; init; }

    /// <summary>Most cursors that one signal tells.</summary>
    public const int CursorsMax = 200;
}

/// <summary>Told to the person's own sessions after level or mute of a conversation changed (rules N7, U10).</summary>
[GenerateSerializer, Immutable, Alias("chat.NotificationsChanged")]
public sealed record NotificationsChanged : TenantSignal
{
    /// <summary>Whose settings.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>Of which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The level now.</summary>
    [Id(2)]
    public required NotificationLevel Level { get; init; }

    /// <summary>The counts now, with the mute.</summary>
    [Id(3)]
    public required UnreadBasis Basis { get; init; }
}

/// <summary>Told to the person's own sessions after they said whether they are done with a mention (rules N10, U10).</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionMarked")]
public sealed record MentionMarked : TenantSignal
{
    /// <summary>Who.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>In which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Which message.</summary>
    [Id(2)]
    public required long Seq { get; init; }

    /// <summary>Whether they are done with it.</summary>
    [Id(3)]
    public required bool Done { get; init; }
}

/// <summary>
/// Told to people who are mentioned by name and asked not to be disturbed: the author wants the message to notify them now
/// all the same (rule N6).
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.NotifyNow")]
public sealed record NotifyNow : TenantSignal
{
    /// <summary>Whom.</summary>
    [Id(0)]
    public required ImmutableArray<UserId> Users { get; init; }

    /// <summary>In which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Which message.</summary>
    [Id(2)]
    public required long Seq { get; init; }

    /// <summary>Its author.</summary>
    [Id(3)]
    public required UserId AuthorId { get; init; }
}

/// <summary>Told to the person's own sessions after a draft was saved (rules W3, U10).</summary>
[GenerateSerializer, Immutable, Alias("chat.DraftChanged")]
public sealed record DraftChanged : TenantSignal
{
    /// <summary>Whose draft.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>What is stored now; its text is empty when there is none any more.</summary>
    [Id(1)]
    public required Draft Draft { get; init; }
}
