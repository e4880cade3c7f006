namespace OrleansChat.Gateway.Wire;

internal sealed record WirePersonPresence
{
    public required string UserId { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? Until { get; init; }
}

internal sealed record WireMe
{
    public required string Status { get; init; }

    public DateTimeOffset? Until { get; init; }

    public required bool ShowTyping { get; init; }
}

internal sealed record ActivityRequest;

internal sealed record ActivityAnswer : Answer;

internal sealed record WatchRequest
{
    public IReadOnlyList<string>? Users { get; init; }
}

internal sealed record WatchAnswer : Answer
{
    public required IReadOnlyList<WirePersonPresence> Presence { get; init; }
}

internal sealed record SetStatusRequest
{
    public string? Status { get; init; }

    public DateTimeOffset? Until { get; init; }
}

internal sealed record SetStatusAnswer : Answer
{
    public required WireMe Me { get; init; }
}

internal sealed record SetPreferencesRequest
{
    public bool? ShowTyping { get; init; }
}

internal sealed record SetPreferencesAnswer : Answer
{
    public required WireMe Me { get; init; }
}

internal sealed record ViewRequest
{
    public IReadOnlyList<string>? ConversationIds { get; init; }
}

internal sealed record ViewAnswer : Answer;

internal sealed record TypingRequest
{
    public string? ConversationId { get; init; }

    public bool? Typing { get; init; }
}

internal sealed record TypingAnswer : Answer;

internal sealed record PresenceEvent
{
    public required IReadOnlyList<WirePersonPresence> Changes { get; init; }
}

internal sealed record TypingEvent
{
    public required string ConversationId { get; init; }

    public required string UserId { get; init; }

    public required bool Typing { get; init; }
}
