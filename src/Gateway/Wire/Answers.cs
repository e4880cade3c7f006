using System.Text.Json.Serialization;

namespace OrleansChat.Gateway.Wire;

/// <summary>What every hub method answers: <c>ok</c>, and why not (docs/protocol.md).</summary>
internal record Answer
{
    public bool Ok => Error is null;

    public WireError? Error { get; init; }
}

/// <summary>Why a method was refused.</summary>
internal sealed record WireError
{
    public required string Code { get; init; }

    public required string Message { get; init; }

    public long? RetryAfterMs { get; init; }

    public int? Version { get; init; }

    public int? Recipients { get; init; }

    public WireDraft? Draft { get; init; }
}

internal sealed record PostRequest
{
    public string? ConversationId { get; init; }

    public Guid? ClientId { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public long? ReplyTo { get; init; }

    public bool? WideConfirmed { get; init; }

    public long? LastSeenSeq { get; init; }
}

internal sealed record PostAnswer : Answer
{
    public required long Seq { get; init; }

    public required long Rev { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Duplicate { get; init; }

    public IReadOnlyList<string>? NotMembers { get; init; }
}

internal sealed record HistoryRequest
{
    public string? ConversationId { get; init; }

    public string? Anchor { get; init; }

    public long? Seq { get; init; }

    public int? Limit { get; init; }
}

internal sealed record HistoryAnswer : Answer
{
    public required IReadOnlyList<WireMessage> Messages { get; init; }

    public required WireHead Head { get; init; }

    public required long ReadSeq { get; init; }
}

internal sealed record ListConversationsRequest
{
    public int? Limit { get; init; }

    public string? After { get; init; }

    [JsonConverter(typeof(TextAsSent))]
    public string? Filter { get; init; }
}

internal sealed record ListConversationsAnswer : Answer
{
    public required IReadOnlyList<WireConversation> Conversations { get; init; }

    public string? Next { get; init; }
}

internal sealed record SyncRequest
{
    public IReadOnlyList<WireSyncPoint>? Conversations { get; init; }
}

internal sealed record SyncAnswer : Answer
{
    public required IReadOnlyList<WireSyncedConversation> Conversations { get; init; }
}

internal sealed record MarkReadRequest
{
    public string? ConversationId { get; init; }

    public long? UpToSeq { get; init; }
}

internal sealed record MarkReadAnswer : Answer
{
    public required WireUnread Unread { get; init; }
}

internal sealed record FindPeopleRequest
{
    [JsonConverter(typeof(TextAsSent))]
    public string? Text { get; init; }

    public int? Limit { get; init; }
}

internal sealed record FindPeopleAnswer : Answer
{
    public required IReadOnlyList<WireFoundPerson> People { get; init; }
}
