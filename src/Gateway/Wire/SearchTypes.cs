namespace OrleansChat.Gateway.Wire;

internal sealed record SearchRequest
{
    public string? Query { get; init; }

    public int? Limit { get; init; }

    public string? After { get; init; }
}

internal sealed record SearchAnswer : Answer
{
    public required IReadOnlyList<WireFoundMessage> Messages { get; init; }

    public string? Next { get; init; }
}

internal sealed record WireFoundMessage
{
    public required string ConversationId { get; init; }

    public required string Kind { get; init; }

    public string? Title { get; init; }

    public required WireMessage Message { get; init; }
}
