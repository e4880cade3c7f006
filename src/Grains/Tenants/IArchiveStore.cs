using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// Conversations as stored, whoever belongs to them: for exports and for readings that the audit states. Whoever asks has
/// made sure that the caller may. Throws <see cref="StoreUnavailableException"/> when the store cannot answer in time.
/// </summary>
public interface IArchiveStore
{
    /// <summary>One conversation; null when the tenant has no such.</summary>
    Task<ArchivedConversation?> ReadConversationAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>The first conversation in order of ids, or the first behind another; null when there is none.</summary>
    Task<ArchivedConversation?> ReadNextConversationAsync(TenantId tenant, ConversationId? after, CancellationToken cancellationToken);

    /// <summary>Every membership interval of a conversation, in the order in which they began.</summary>
    Task<ImmutableArray<ArchivedMembership>> ReadMembershipsAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>Messages after a seq, in order: at most so many, and no more than <see cref="ArchivePage.CharsMax"/> characters and one message.</summary>
    Task<ArchivePage<ArchivedMessage>> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, long afterSeq, int limit, CancellationToken cancellationToken);

    /// <summary>Former texts of messages in order of seq and version; those of a message all or none, bounded like messages.</summary>
    Task<ArchivePage<ArchivedVersion>> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, long firstSeq, long lastSeq, CancellationToken cancellationToken);

    /// <summary>Changes that are no messages, after a rev, in order.</summary>
    Task<ArchivePage<ArchivedChange>> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, long afterRev, int limit, CancellationToken cancellationToken);
}

/// <summary>Bounds of what is read at once.</summary>
public static class ArchivePage
{
    /// <summary>Characters of a page's texts, besides those of its last message.</summary>
    public const int CharsMax = 512 * 1024;
}

/// <summary>A part of what there is.</summary>
/// <param name="Rows">In order.</param>
/// <param name="More">True when there may be others behind the last one.</param>
public sealed record ArchivePage<T>(ImmutableArray<T> Rows, bool More);

/// <summary>A conversation's header.</summary>
public sealed record ArchivedConversation
{
    /// <summary>Which.</summary>
    public required ConversationId Id { get; init; }

    /// <summary>What it is.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name.</summary>
    public string? Title { get; init; }

    /// <summary>Names that it had before, the first first.</summary>
    public ImmutableArray<string> FormerTitles { get; init; } = [];

    /// <summary>Its counters.</summary>
    public required Head Head { get; init; }

    /// <summary>Who created it.</summary>
    public required UserId CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it is kept, where it has days of its own.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>True while it is kept whatever the days say.</summary>
    public bool LegalHold { get; init; }
}

/// <summary>A person's membership from one seq to another.</summary>
public sealed record ArchivedMembership(UserId UserId, long JoinedSeq, long JoinedRev, long? LeftSeq, long? LeftRev);

/// <summary>A message as it stands; its text is empty when it is deleted. JSON as stored.</summary>
public sealed record ArchivedMessage
{
    /// <summary>Place in the conversation.</summary>
    public required long Seq { get; init; }

    /// <summary>The change that wrote it.</summary>
    public required long Rev { get; init; }

    /// <summary>A person's words or a system fact.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Who wrote it.</summary>
    public required UserId AuthorId { get; init; }

    /// <summary>The author's id of the command.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The fact of a system message.</summary>
    public string? Fact { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How often it was written.</summary>
    public required int Version { get; init; }

    /// <summary>When it was last edited.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Who deleted it; null when its time was over.</summary>
    public UserId? DeletedBy { get; init; }

    /// <summary>Whom it mentions.</summary>
    public string? Mentions { get; init; }

    /// <summary>Which message it answers.</summary>
    public long? ReplyToSeq { get; init; }
}

/// <summary>A text that a message had before.</summary>
public sealed record ArchivedVersion(long Seq, int Version, string Text, string? Mentions, DateTimeOffset WrittenAt);

/// <summary>A change that is no message.</summary>
public sealed record ArchivedChange(long Rev, string Kind, DateTimeOffset At, long? MessageSeq, UserId? AuthorId, string Payload);
