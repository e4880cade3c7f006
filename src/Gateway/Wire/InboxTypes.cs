namespace OrleansChat.Gateway.Wire;

internal sealed record WireMention
{
    public required string ConversationId { get; init; }

    public required string Kind { get; init; }

    public string? Title { get; init; }

    public required WireMessage Message { get; init; }

    public required bool Unread { get; init; }

    public required bool Done { get; init; }
}

internal sealed record WireFoundConversation
{
    public required WireConversation Conversation { get; init; }

    public string? FormerTitle { get; init; }
}

internal sealed record WireNotificationReport
{
    public string? ConversationId { get; init; }

    public long? Seq { get; init; }

    public string? Outcome { get; init; }

    public DateTimeOffset? At { get; init; }
}

internal sealed record WireDeviceOutcome
{
    public required string Device { get; init; }

    public required string Outcome { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed record WireDraft
{
    public required string ConversationId { get; init; }

    public required long Version { get; init; }

    public required string Text { get; init; }

    public long? ReplyTo { get; init; }

    public DateTimeOffset? Time { get; init; }
}
