namespace OrleansChat.Gateway.Wire;

/// <summary>The names of the events that the server sends; literals, never renamed.</summary>
internal static class EventNames
{
    public const string Welcome = "welcome";
    public const string MessagePosted = "messagePosted";
    public const string MessageEdited = "messageEdited";
    public const string MessageDeleted = "messageDeleted";
    public const string ReactionChanged = "reactionChanged";
    public const string Changed = "changed";
    public const string ReadCursorMoved = "readCursorMoved";
    public const string Presence = "presence";
    public const string Typing = "typing";
    public const string NotificationsChanged = "notificationsChanged";
    public const string MentionMarked = "mentionMarked";
    public const string NotifyNow = "notifyNow";
    public const string DraftChanged = "draftChanged";
    public const string Resync = "resync";
    public const string PermissionsChanged = "permissionsChanged";
    public const string Closing = "closing";
}

internal sealed record WelcomeEvent
{
    public required int Protocol { get; init; }

    public required string Tenant { get; init; }

    public required WirePerson User { get; init; }

    public WireMe? Me { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    public required WireLimits Limits { get; init; }
}

internal sealed record MessagePostedEvent
{
    public required string ConversationId { get; init; }

    public required long Rev { get; init; }

    public required WireMessage Message { get; init; }
}

internal sealed record MessageEditedEvent
{
    public required string ConversationId { get; init; }

    public required long Rev { get; init; }

    public required WireRevision Edited { get; init; }
}

internal sealed record MessageDeletedEvent
{
    public required string ConversationId { get; init; }

    public required long Rev { get; init; }

    public required WireDeletion Deleted { get; init; }
}

internal sealed record ReactionChangedEvent
{
    public required string ConversationId { get; init; }

    public required long Rev { get; init; }

    public required WireReactionChange Reacted { get; init; }
}

internal sealed record ChangedEvent
{
    public required string ConversationId { get; init; }

    public required long Rev { get; init; }
}

internal sealed record ReadCursorMovedEvent
{
    public required string ConversationId { get; init; }

    public required WireUnread Unread { get; init; }
}

internal sealed record NotificationsChangedEvent
{
    public required string ConversationId { get; init; }

    public required string Level { get; init; }

    public required WireUnread Unread { get; init; }
}

internal sealed record MentionMarkedEvent
{
    public required string ConversationId { get; init; }

    public required long Seq { get; init; }

    public required bool Done { get; init; }
}

internal sealed record NotifyNowEvent
{
    public required string ConversationId { get; init; }

    public required long Seq { get; init; }

    public required string AuthorId { get; init; }
}

internal sealed record DraftChangedEvent
{
    public required string ConversationId { get; init; }

    public required WireDraft Draft { get; init; }
}

internal sealed record ResyncEvent;

internal sealed record ClosingEvent
{
    public required int Code { get; init; }

    public required bool Reconnect { get; init; }

    public long? RetryAfterMs { get; init; }
}

/// <summary>Why the server closes: 3000–3499 reconnect, 3500–3999 do not.</summary>
internal enum ClosingCode
{
    ShuttingDown = 3000,
    TooSlow = 3001,
    SessionExpired = 3500,
    Deactivated = 3501,
    Restricted = 3502,
}
