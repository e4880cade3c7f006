using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Conversations;

/// <summary>Somebody begins, goes on or ceases to write in a conversation.</summary>
[GenerateSerializer, Immutable, Alias("chat.TypingNotice")]
public sealed record TypingNotice
{
    /// <summary>Who types.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>True for begins or goes on, false for ceases.</summary>
    [Id(1)]
    public required bool Typing { get; init; }
}

/// <summary>Why a notice was not taken.</summary>
[GenerateSerializer, Alias("chat.TypingRefusal")]
public enum TypingRefusal
{
    /// <summary>No such conversation, or the caller does not belong to it.</summary>
    NotFound = 1,

    /// <summary>Too soon after the last one; <see cref="TypingResult.RetryAfter"/> says when.</summary>
    RateLimited = 2,

    /// <summary>A member who may not write here, by the tenant's policy.</summary>
    Forbidden = 3,

    /// <summary>The other person of a direct conversation was deactivated (rule C13).</summary>
    PeerInactive = 4,
}

/// <summary>The answer to <see cref="TypingNotice"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.TypingResult")]
public sealed record TypingResult
{
    /// <summary>Null when the notice was taken, whether or not anybody hears of it.</summary>
    [Id(0)]
    public TypingRefusal? Refusal { get; init; }

    /// <summary>When to repeat.</summary>
    [Id(1)]
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Told to those who have the conversation open, and in a direct one to all of the peer's sessions (rule T4). Stored nowhere.</summary>
[GenerateSerializer, Immutable, Alias("chat.TypingChanged")]
public sealed record TypingChanged : TenantSignal
{
    /// <summary>In which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Who types.</summary>
    [Id(1)]
    public required UserId UserId { get; init; }

    /// <summary>True for begins or goes on, false for ceases.</summary>
    [Id(2)]
    public required bool Typing { get; init; }

    /// <summary>Whom it may be told: the other members, at most as many as typing is shown to.</summary>
    [Id(3)]
    public required ImmutableArray<UserId> Recipients { get; init; }
}
