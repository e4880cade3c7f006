using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

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

    /// <summary>What a writer needs to change one message; null when there is none with this seq.</summary>
    Task<Message?> ReadMessageAsync(TenantId tenant, ConversationId conversation, long seq, CancellationToken cancellationToken);

    /// <summary>The last message below a seq that counts for the chat list, with its text cut like there; null for none.</summary>
    Task<Message?> ReadLastCountableAsync(TenantId tenant, ConversationId conversation, long belowSeq, CancellationToken cancellationToken);

    /// <summary>What a writer needs to add a reaction or to take it back.</summary>
    Task<ReactionsRead> ReadReactionsAsync(
        TenantId tenant, ConversationId conversation, long seq, string emoji, UserId user, CancellationToken cancellationToken);

    /// <summary>Every text of a message, the first first; none for a deleted one; null when the viewer is not a member or there is no such message.</summary>
    Task<ImmutableArray<MessageVersion>?> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long seq, CancellationToken cancellationToken);

    /// <summary>Members in order of their ids behind one of them, and how many there are in all; null when the viewer is not a member.</summary>
    Task<MembersRead?> ReadMembersAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, UserId? after, int limit, CancellationToken cancellationToken);

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

    /// <summary>The new title; null keeps it, and the one before is kept to be found by (rule C5).</summary>
    public string? Title { get; init; }

    /// <summary>The last message that counts for the chat list, when the entries are not to say it; seq 0 for none.</summary>
    public (long Seq, DateTimeOffset At)? LastCountable { get; init; }

    /// <summary>How long the conversation is kept from now on; null keeps what was decided.</summary>
    public ConversationRetention? Retention { get; init; }

    /// <summary>Written with the entries or not at all.</summary>
    public ImmutableArray<AuditEntry> Audits { get; init; } = [];
}

/// <summary>Who did what (rule R4). Never changed.</summary>
public sealed record AuditEntry
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required UserId ActorId { get; init; }

    /// <summary>A short literal, never renamed.</summary>
    public required string Action { get; init; }

    /// <summary>JSON without texts of people.</summary>
    public required string Details { get; init; }
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

    /// <summary>Whom the text mentions; null for nobody.</summary>
    public MentionSet? Mentions { get; init; }

    /// <summary>The message that it answers.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>What the command was, where the entry's own content does not say it.</summary>
    public ContentHash? Command { get; init; }
}

/// <summary>A change that is not a message: takes a rev only, and carries the seq that the head had.</summary>
public sealed record ChangeEntry : LogEntry
{
    /// <summary>What kind of change; a short literal, never renamed.</summary>
    public required string Kind { get; init; }

    /// <summary>Its content as JSON; without texts of people, which can be deleted.</summary>
    public required string Payload { get; init; }

    /// <summary>Which command caused it (rule M3); null for none.</summary>
    public CommandId? CommandId { get; init; }

    /// <summary>What the command was; with a <see cref="CommandId"/>.</summary>
    public ContentHash Command { get; init; }

    /// <summary>The message that is changed.</summary>
    public long? MessageSeq { get; init; }

    /// <summary>What becomes of that message.</summary>
    public MessageRevision? Revision { get; init; }

    /// <summary>The reaction to it that is added or taken back.</summary>
    public ReactionEdit? Reaction { get; init; }
}

/// <summary>What a message becomes by an edit or a deletion. The text that it had is kept among its versions.</summary>
public sealed record MessageRevision
{
    /// <summary>The version after it: the one before + 1.</summary>
    public required int Version { get; init; }

    /// <summary>The new text; empty for a deletion.</summary>
    public required string Text { get; init; }

    /// <summary>Whom it mentions now; null for nobody.</summary>
    public MentionSet? Mentions { get; init; }

    /// <summary>Those among <see cref="Mentions"/> whom it did not mention by name before.</summary>
    public ImmutableArray<UserId> Mentioned { get; init; } = [];

    /// <summary>Those whom it mentions by name no more.</summary>
    public ImmutableArray<UserId> NotMentioned { get; init; } = [];

    /// <summary>Who deleted it; null for an edit.</summary>
    public UserId? DeletedBy { get; init; }

    /// <summary>True for a deletion that leaves no version behind either: the time to keep it is over (rule R5).</summary>
    public bool Purged { get; init; }
}

/// <summary>A reaction added or taken back.</summary>
public sealed record ReactionEdit(UserId UserId, string Emoji, bool Added);

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

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last message that counts for the chat list; 0 for none.</summary>
    public required long LastMessageSeq { get; init; }

    /// <summary>Time of that message, or of the creation.</summary>
    public required DateTimeOffset LastActivity { get; init; }
}

/// <summary>The reactions to a message, as far as one more matters.</summary>
public sealed record ReactionsRead
{
    /// <summary>How many different emoji there are.</summary>
    public required int Emojis { get; init; }

    /// <summary>How many people's reaction the emoji is.</summary>
    public required int Count { get; init; }

    /// <summary>The first of them, one more than are named (<see cref="Reaction.UsersMax"/>).</summary>
    public required ImmutableArray<UserId> Users { get; init; }

    /// <summary>Whether the person is among them.</summary>
    public required bool Mine { get; init; }
}

/// <summary>A page of members.</summary>
public sealed record MembersRead
{
    /// <summary>How many there are in all.</summary>
    public required int Count { get; init; }

    /// <summary>In order of their ids.</summary>
    public required ImmutableArray<Person> Members { get; init; }
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
