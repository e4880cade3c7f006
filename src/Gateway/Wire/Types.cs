namespace OrleansChat.Gateway.Wire;

internal sealed record WireMessage
{
    public required long Seq { get; init; }

    public required long Rev { get; init; }

    public required string Kind { get; init; }

    public required WireAuthor Author { get; init; }

    public required Guid ClientId { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset Time { get; init; }

    public WireFact? Fact { get; init; }

    public required int Version { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public WireMentions? Mentions { get; init; }

    public WireQuote? ReplyTo { get; init; }

    public IReadOnlyList<WireReaction>? Reactions { get; init; }
}

internal sealed record WireMentions
{
    public required IReadOnlyList<string> Users { get; init; }

    public required bool All { get; init; }

    public required IReadOnlyList<string> Here { get; init; }
}

internal sealed record WireQuote
{
    public required long Seq { get; init; }

    public required WireAuthor Author { get; init; }

    public required string Text { get; init; }

    public required bool Deleted { get; init; }
}

internal sealed record WireReaction
{
    public required string Emoji { get; init; }

    public required int Count { get; init; }

    public required IReadOnlyList<string> Users { get; init; }

    public required bool Mine { get; init; }
}

internal sealed record WireRevision
{
    public required long Seq { get; init; }

    public required string AuthorId { get; init; }

    public required int Version { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset EditedAt { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public WireMentions? MentionsBefore { get; init; }

    public WireMentions? Mentions { get; init; }
}

internal sealed record WireDeletion
{
    public required long Seq { get; init; }

    public required string AuthorId { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public WireMentions? MentionsBefore { get; init; }

    public WireMessage? LastMessage { get; init; }

    public DateTimeOffset? LastActivity { get; init; }
}

internal sealed record WireReactionChange
{
    public required long Seq { get; init; }

    public required string UserId { get; init; }

    public required string Emoji { get; init; }

    public required bool Added { get; init; }

    public required int Count { get; init; }

    public required IReadOnlyList<string> Users { get; init; }
}

internal sealed record WireVersion
{
    public required int Version { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset Time { get; init; }
}

internal sealed record WireAuthor
{
    public required string UserId { get; init; }

    public required string Name { get; init; }
}

internal sealed record WireFact
{
    public required string Kind { get; init; }

    public required IReadOnlyList<string> Targets { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }
}

internal sealed record WireHead
{
    public required long Rev { get; init; }

    public required long Seq { get; init; }
}

internal sealed record WireUnread
{
    public required long ReadSeq { get; init; }

    public required long Unread { get; init; }

    public required long Mentions { get; init; }

    public required long Rev { get; init; }

    public required long ReadVersion { get; init; }

    public DateTimeOffset? MutedFrom { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }
}

internal sealed record WireConversation
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public string? Title { get; init; }

    public WireAuthor? Peer { get; init; }

    public required WireHead Head { get; init; }

    public required DateTimeOffset LastActivity { get; init; }

    public WireMessage? LastMessage { get; init; }

    public required WireUnread Unread { get; init; }

    public required string Level { get; init; }
}

internal sealed record WireSyncPoint
{
    public string? Id { get; init; }

    public long? Rev { get; init; }
}

internal sealed record WireSyncedConversation
{
    public required string Id { get; init; }

    public required string Status { get; init; }

    public WireConversation? Conversation { get; init; }

    public IReadOnlyList<WireChange>? Changes { get; init; }
}

internal sealed record WireChange
{
    public required string Type { get; init; }

    public required long Rev { get; init; }

    public WireMessage? Message { get; init; }

    public WireRevision? Edited { get; init; }

    public WireDeletion? Deleted { get; init; }

    public WireReactionChange? Reacted { get; init; }
}

internal sealed record WirePerson
{
    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }
}

internal sealed record WireFoundPerson
{
    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required string ConversationId { get; init; }

    public required bool Restricted { get; init; }
}

internal sealed record WireLimits
{
    public required int TextScalarsMax { get; init; }

    public required int TextBytesMax { get; init; }

    public required int PageMax { get; init; }
}

/// <summary>The body of <c>GET /api/session</c> for somebody who is signed in.</summary>
internal sealed record SignedIn
{
    public required string Tenant { get; init; }

    public required WirePerson User { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }
}

/// <summary>The body of <c>GET /api/session</c> for anybody else.</summary>
internal sealed record NotSignedIn
{
    public required bool Development { get; init; }
}

/// <summary>The body of <c>POST /api/development/session</c>.</summary>
internal sealed record DevelopmentSignIn
{
    public string? UserId { get; init; }
}
