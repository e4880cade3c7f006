using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// The truth about conversations. Appends are compare-and-swaps on a conversation's head, so two writers of one
/// conversation can neither fork nor lose it, and are acknowledged only after a durable commit. Appends that wait at the
/// same time share a commit; one that the store refuses fails alone. Reads for a viewer check the viewer's membership in
/// the statement that reads.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> when the store cannot answer in time; after a failed
/// append it is then unknown whether it was written (read the head, look up the client ids).
/// </remarks>
public interface IMessageLog
{
    /// <summary>Longest answer of <see cref="ReadChangesAsync"/> and <see cref="ReadMessagesAsync"/>, in rows.</summary>
    const int PageRowsMax = 200;

    /// <summary>Longest answer of <see cref="ReadChangesOfManyAsync"/>, in rows.</summary>
    const int ManyRowsMax = 2_000;

    /// <summary>Longest answer of <see cref="ReadChangesOfManyAsync"/>, in bytes of texts and facts.</summary>
    const int ManyBytesMax = 1_048_576;

    /// <summary>Most entries of one append.</summary>
    const int AppendEntriesMax = 1024;

    /// <summary>Writes an append's entries behind its expected head, all of them or none.</summary>
    Task<AppendResult> AppendAsync(ConversationAppend append, CancellationToken cancellationToken);

    /// <summary>What a writer needs to begin; null when the conversation does not exist.</summary>
    Task<StoredConversation?> ReadConversationAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>Where commands of an author were stored; those that were not are missing from the answer.</summary>
    Task<ImmutableArray<StoredCommand>> FindCommandsAsync(
        TenantId tenant, ConversationId conversation, IReadOnlyCollection<CommandId> commands, CancellationToken cancellationToken);

    /// <summary>Messages with <paramref name="fromSeq"/> ≤ seq ≤ <paramref name="toSeq"/> in order, the first 200 of them; null when the viewer is not a member.</summary>
    Task<MessagesRead?> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long fromSeq, long toSeq, CancellationToken cancellationToken);

    /// <summary>
    /// Every change with rev &gt; <paramref name="sinceRev"/> in order; a reset when there are more than 200 or the log
    /// ends before that rev; null when the viewer is not a member. Without a viewer (gateways) only existence is checked.
    /// </summary>
    Task<ChangesRead?> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, UserId? viewer, long sinceRev, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="ReadChangesAsync"/> answers for each of these points, in their order, from one query and one
    /// snapshot. In all no more than 2,000 rows and 1 MiB: a conversation that is larger than that alone, and those with
    /// which the answer would become so, are answered as resets.
    /// </summary>
    Task<ImmutableArray<ChangesRead?>> ReadChangesOfManyAsync(
        TenantId tenant, UserId viewer, IReadOnlyCollection<SyncPoint> points, CancellationToken cancellationToken);

    /// <summary>Conversations of these tenants with a commit in the last <paramref name="window"/> by the store's clock, and the revs of those commits.</summary>
    Task<ImmutableArray<RecentChange>> ReadRecentAsync(IReadOnlyCollection<TenantId> tenants, TimeSpan window, CancellationToken cancellationToken);
}

/// <summary>Entries for one conversation, to be written behind the head that the writer believes in.</summary>
public sealed record ConversationAppend
{
    /// <summary>Whose conversation.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Which conversation.</summary>
    public required ConversationId ConversationId { get; init; }

    /// <summary>The head the writer believes in; null creates the conversation with these entries.</summary>
    public required Head? Expected { get; init; }

    /// <summary>What to create; required with, and only with, <see cref="Expected"/> null.</summary>
    public ConversationCreation? Creation { get; init; }

    /// <summary>One or more; entry i gets rev = expected rev + i + 1, each message the next seq.</summary>
    public required ImmutableArray<LogEntry> Entries { get; init; }

    /// <summary>
    /// Membership intervals that begin; a person who is a member already is left as they are. With them, or with
    /// <see cref="Ends"/>, or with a creation, <see cref="StoredConversation.MembersRev"/> becomes the rev of the append's
    /// last system message (of its first entry when it has none).
    /// </summary>
    public ImmutableArray<MembershipBegin> Begins { get; init; } = [];

    /// <summary>Membership intervals that end. Nobody ends and begins one in the same append.</summary>
    public ImmutableArray<MembershipEnd> Ends { get; init; } = [];

    /// <summary>The new title; null keeps it.</summary>
    public string? Title { get; init; }
}

/// <summary>What a conversation is from its creation on.</summary>
public sealed record ConversationCreation
{
    /// <summary>Direct, group, notes or contact; the column <c>type</c> (INTERNAL, CONTACT) follows from it.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name; null for a direct conversation.</summary>
    public string? Title { get; init; }

    /// <summary>Who created it.</summary>
    public required UserId CreatedBy { get; init; }

    /// <summary>When, by the server's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One row of the log.</summary>
public abstract record LogEntry
{
    /// <summary>Server time, for eyes only.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A message: takes a rev and a seq.</summary>
public sealed record MessageEntry : LogEntry
{
    /// <summary>A person's words or a system fact.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Who wrote it. Must be a person of the tenant (foreign key).</summary>
    public required UserId AuthorId { get; init; }

    /// <summary>Unique with the author in the conversation, for ever (rule M3).</summary>
    public required Guid ClientId { get; init; }

    /// <summary>Normalised text; empty for a system message.</summary>
    public required string Text { get; init; }

    /// <summary>The fact of a system message; required there, and null for every other.</summary>
    public SystemFact? Fact { get; init; }
}

/// <summary>A change that is not a message: takes a rev only, and carries the seq that the head had.</summary>
public sealed record ChangeEntry : LogEntry
{
    /// <summary>What kind of change; a short literal, never renamed.</summary>
    public required string Kind { get; init; }

    /// <summary>Its content as JSON.</summary>
    public required string Payload { get; init; }
}

/// <summary>A person becomes a member. Access counts from the commit; history before it is readable (rule C8).</summary>
public sealed record MembershipBegin
{
    /// <summary>Who.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The first seq of the interval (rule C9).</summary>
    public required long JoinedSeq { get; init; }

    /// <summary>Where the read cursor starts.</summary>
    public required long ReadSeq { get; init; }
}

/// <summary>A person stops being a member.</summary>
public sealed record MembershipEnd
{
    /// <summary>Who.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The first seq after the interval.</summary>
    public required long LeftSeq { get; init; }
}

/// <summary>How an append ended.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>Durable.</summary>
    /// <param name="Head">The head after it.</param>
    public sealed record Appended(Head Head) : AppendResult;

    /// <summary>The head was not where the writer believed (or the conversation exists already): nothing was written.</summary>
    public sealed record Fenced : AppendResult;

    /// <summary>
    /// Some entries' commands were stored before: nothing was written. Repeat without them. Said also when the head has
    /// moved as well, so that the repetition may be fenced.
    /// </summary>
    /// <param name="Commands">Where they are.</param>
    public sealed record Duplicates(ImmutableArray<StoredCommand> Commands) : AppendResult;

    /// <summary>The store refuses the content (a poisoned row, an unknown author): nothing was written.</summary>
    /// <param name="Reason">For the log; says no content.</param>
    public sealed record Rejected(string Reason) : AppendResult;
}

/// <summary>A command by its author's id for it.</summary>
public readonly record struct CommandId(UserId AuthorId, Guid ClientId);

/// <summary>What a command had caused.</summary>
public sealed record StoredCommand
{
    /// <summary>Whose command.</summary>
    public required CommandId Id { get; init; }

    /// <summary>The message's place.</summary>
    public required long Seq { get; init; }

    /// <summary>The change's number.</summary>
    public required long Rev { get; init; }

    /// <summary>Server time of acceptance.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><see cref="ContentHash"/> of the entry, as first stored.</summary>
    public required ContentHash ContentHash { get; init; }
}

/// <summary>A conversation as a writer finds it.</summary>
public sealed record StoredConversation
{
    /// <summary>Its counters.</summary>
    public required Head Head { get; init; }

    /// <summary>What it is.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name.</summary>
    public string? Title { get; init; }

    /// <summary>The rev of the last membership change.</summary>
    public required long MembersRev { get; init; }

    /// <summary>Current members.</summary>
    public required ImmutableArray<UserId> Members { get; init; }
}

/// <summary>A page of messages.</summary>
public sealed record MessagesRead
{
    /// <summary>The counters in the same snapshot.</summary>
    public required Head Head { get; init; }

    /// <summary>The viewer's read cursor in the same snapshot.</summary>
    public required long ReadSeq { get; init; }

    /// <summary>In order of seq.</summary>
    public required ImmutableArray<Message> Messages { get; init; }
}

/// <summary>A piece of the log.</summary>
public sealed record ChangesRead
{
    /// <summary>The counters in the same snapshot.</summary>
    public required Head Head { get; init; }

    /// <summary>The rev of the last membership change in the same snapshot.</summary>
    public required long MembersRev { get; init; }

    /// <summary>True when the asked-for piece is longer than a page or does not exist.</summary>
    public required bool Reset { get; init; }

    /// <summary>In order of rev, without a hole; empty with <see cref="Reset"/>.</summary>
    public required ImmutableArray<ConversationChange> Changes { get; init; }
}
