using OrleansChat.Identity;

namespace OrleansChat.Inbox;

/// <summary>What somebody has written in a conversation and not sent yet (rule W3). Nobody else is ever told of it.</summary>
[GenerateSerializer, Immutable, Alias("chat.Draft")]
public sealed record Draft
{
    /// <summary>In which conversation; one that nobody has written in yet may be among them (rule C2).</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>+1 with every change, and never again a lower one; 0 where there never was a draft.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>Empty: there is no draft any more, or there never was one.</summary>
    [Id(2)]
    public required string Text { get; init; }

    /// <summary>The message that it answers.</summary>
    [Id(3)]
    public long? ReplyTo { get; init; }

    /// <summary>When it was saved; null when there is none.</summary>
    [Id(4)]
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Text.Length == 0;
}

/// <summary>Replaces the caller's draft in a conversation.</summary>
[GenerateSerializer, Immutable, Alias("chat.SaveDraft")]
public sealed record SaveDraft
{
    /// <summary>Whose draft.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>In which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The text; empty to have no draft any more.</summary>
    [Id(2)]
    public required string Text { get; init; }

    /// <summary>The message that it answers.</summary>
    [Id(3)]
    public long? ReplyTo { get; init; }

    /// <summary>The version that the caller saw last; 0 when there was no draft.</summary>
    [Id(4)]
    public required long Version { get; init; }
}

/// <summary>Why a draft was not saved.</summary>
[GenerateSerializer, Alias("chat.SaveDraftRefusal")]
public enum SaveDraftRefusal
{
    /// <summary>No such conversation, or the caller does not belong to it.</summary>
    NotFound = 1,

    /// <summary>Longer than the text of a message may be.</summary>
    TextTooLong = 2,

    /// <summary>U+0000 or a lone surrogate.</summary>
    TextInvalid = 3,

    /// <summary>It was changed since the caller saw it; the answer says what stands.</summary>
    VersionStale = 4,

    /// <summary>The caller has as many drafts as one person may have.</summary>
    TooManyDrafts = 5,
}

/// <summary>What became of a draft.</summary>
[GenerateSerializer, Immutable, Alias("chat.SaveDraftResult")]
public sealed record SaveDraftResult
{
    /// <summary>Why nothing was saved; null when it was.</summary>
    [Id(0)]
    public SaveDraftRefusal? Refusal { get; init; }

    /// <summary>What is stored now; with a refusal only when that is <see cref="SaveDraftRefusal.VersionStale"/>.</summary>
    [Id(1)]
    public Draft? Draft { get; init; }
}
