using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>Done, and there is nothing to say about it.</summary>
internal sealed record DoneAnswer : Answer;

internal sealed record MarkUnreadRequest
{
    public string? ConversationId { get; init; }

    public long? FromSeq { get; init; }
}

internal sealed record MarkAllReadRequest;

internal sealed record MarkAllReadAnswer : Answer
{
    public required int Conversations { get; init; }

    public Guid? Undo { get; init; }
}

internal sealed record UndoMarkAllReadRequest
{
    public Guid? Undo { get; init; }
}

internal sealed record UndoMarkAllReadAnswer : Answer
{
    public required int Conversations { get; init; }
}

internal sealed record SetNotificationsRequest
{
    public string? ConversationId { get; init; }

    public string? Level { get; init; }

    public string? Mute { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }
}

internal sealed record SetNotificationsAnswer : Answer
{
    public required string Level { get; init; }

    public required WireUnread Unread { get; init; }
}

internal sealed record MentionsRequest
{
    public int? Limit { get; init; }

    public string? After { get; init; }

    public bool? UnreadOnly { get; init; }
}

internal sealed record MentionsAnswer : Answer
{
    public required IReadOnlyList<WireMention> Mentions { get; init; }

    public string? Next { get; init; }
}

internal sealed record MarkMentionDoneRequest
{
    public string? ConversationId { get; init; }

    public long? Seq { get; init; }

    public bool? Done { get; init; }
}

internal sealed record FindConversationsRequest
{
    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public int? Limit { get; init; }
}

internal sealed record FindConversationsAnswer : Answer
{
    public required IReadOnlyList<WireFoundConversation> Conversations { get; init; }
}

internal sealed record FindMentionableRequest
{
    public string? ConversationId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public int? Limit { get; init; }
}

internal sealed record FindMentionableAnswer : Answer
{
    public required IReadOnlyList<WirePerson> People { get; init; }
}

internal sealed record WhyNotifiedRequest
{
    public string? ConversationId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record WhyNotifiedAnswer : Answer
{
    public required bool Notified { get; init; }

    public required string Reason { get; init; }

    public required IReadOnlyList<WireDeviceOutcome> Devices { get; init; }
}

internal sealed record ReportNotificationsRequest
{
    [JsonConverter(typeof(TextAsSent))]
    public string? Device { get; init; }

    public IReadOnlyList<WireNotificationReport>? Items { get; init; }
}

internal sealed record NotifyNowRequest
{
    public string? ConversationId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record NotifyNowAnswer : Answer
{
    public required IReadOnlyList<string> Notified { get; init; }

    public required IReadOnlyList<string> TooSoon { get; init; }
}

internal sealed record SaveDraftRequest
{
    public string? ConversationId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public long? ReplyTo { get; init; }

    public long? Version { get; init; }
}

internal sealed record SaveDraftAnswer : Answer
{
    public required WireDraft Draft { get; init; }
}

internal sealed record DraftsRequest;

internal sealed record DraftsAnswer : Answer
{
    public required IReadOnlyList<WireDraft> Drafts { get; init; }
}
