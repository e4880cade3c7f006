namespace OrleansChat.Gateway.Wire;

/// <summary>Body and answer of <c>PUT /api/retention/conversations/{id}</c>: all that is to hold.</summary>
internal sealed record ConversationRetentionBody
{
    /// <summary>Missing: as the tenant decided.</summary>
    public int? Days { get; init; }

    /// <summary>Missing: false.</summary>
    public bool? LegalHold { get; init; }
}

/// <summary>The answer to <c>GET /api/retention/preview</c>.</summary>
internal sealed record RetentionPreviewAnswer
{
    /// <summary>Those that would lose messages now.</summary>
    public required IReadOnlyList<ExpiringAnswer> Conversations { get; init; }

    /// <summary>Continues, as <c>after</c>; missing at the end.</summary>
    public string? Next { get; init; }
}

/// <summary>A conversation that would lose messages now.</summary>
internal sealed record ExpiringAnswer
{
    public required string ConversationId { get; init; }

    public required int Days { get; init; }

    public required long Messages { get; init; }
}
