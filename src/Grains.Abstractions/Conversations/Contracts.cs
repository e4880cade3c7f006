using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Conversations;

/// <summary>What a conversation is.</summary>
[GenerateSerializer, Alias("chat.ConversationKind")]
public enum ConversationKind
{
    /// <summary>Two people, or one with themselves.</summary>
    Direct = 1,

    /// <summary>Named, any number of people of one tenant.</summary>
    Group = 2,

    /// <summary>Internal notes of a ticket.</summary>
    Notes = 3,

    /// <summary>With a customer.</summary>
    Contact = 4,
}

/// <summary>Who wrote a message: a person, or the system stating a fact.</summary>
[GenerateSerializer, Alias("chat.MessageKind")]
public enum MessageKind
{
    /// <summary>What a person wrote.</summary>
    Text = 1,

    /// <summary>A typed fact (rule C14): takes a seq, never counts as unread except <c>added</c> for the added person.</summary>
    System = 2,
}

/// <summary>The facts that the system states in a conversation (rule C14).</summary>
[GenerateSerializer, Alias("chat.SystemFactKind")]
public enum SystemFactKind
{
    /// <summary>The conversation was created; targets are its first members.</summary>
    Created = 1,

    /// <summary>The targets were added.</summary>
    Added = 2,

    /// <summary>The targets were removed by another member.</summary>
    Removed = 3,

    /// <summary>The actor left.</summary>
    Left = 4,

    /// <summary>The title changed.</summary>
    Renamed = 5,

    /// <summary>How long the conversation is kept changed; before and after in days, missing for ever.</summary>
    RetentionChanged = 6,
}

/// <summary>A system message's content; the client words it in the reader's language.</summary>
[GenerateSerializer, Immutable, Alias("chat.SystemFact")]
public sealed record SystemFact
{
    /// <summary>What happened.</summary>
    [Id(0)]
    public required SystemFactKind Kind { get; init; }

    /// <summary>Whom it happened to.</summary>
    [Id(1)]
    public ImmutableArray<UserId> Targets { get; init; } = [];

    /// <summary>The value before, where there is one (a title).</summary>
    [Id(2)]
    public string? Before { get; init; }

    /// <summary>The value after, where there is one (a title).</summary>
    [Id(3)]
    public string? After { get; init; }
}

/// <summary>A conversation's two counters (rule M1); both gap-free from 1, 0 before the first.</summary>
[GenerateSerializer, Immutable, Alias("chat.Head")]
public readonly record struct Head
{
    /// <summary>How many changes of any kind there were.</summary>
    [Id(0)]
    public required long Rev { get; init; }

    /// <summary>How many messages there were, system messages included.</summary>
    [Id(1)]
    public required long Seq { get; init; }
}

/// <summary>One message as members see it.</summary>
[GenerateSerializer, Immutable, Alias("chat.Message")]
public sealed record Message
{
    /// <summary>Place in the conversation, from 1, gap-free.</summary>
    [Id(0)]
    public required long Seq { get; init; }

    /// <summary>The change that wrote it.</summary>
    [Id(1)]
    public required long Rev { get; init; }

    /// <summary>A person's words or a system fact.</summary>
    [Id(2)]
    public required MessageKind Kind { get; init; }

    /// <summary>Who wrote it, or whose act a system message states.</summary>
    [Id(3)]
    public required UserId AuthorId { get; init; }

    /// <summary>The author's display name when it was read.</summary>
    [Id(4)]
    public required string AuthorName { get; init; }

    /// <summary>The UUID that the author's client stamped on the command.</summary>
    [Id(5)]
    public required Guid ClientId { get; init; }

    /// <summary>The text; empty for a system message.</summary>
    [Id(6)]
    public required string Text { get; init; }

    /// <summary>Server time of acceptance, for eyes only (rule M2).</summary>
    [Id(7)]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The fact, for a system message only.</summary>
    [Id(8)]
    public SystemFact? Fact { get; init; }

    /// <summary>1 as posted, +1 with every edit (rule M8).</summary>
    [Id(9)]
    public int Version { get; init; } = 1;

    /// <summary>When it was last edited; null when it never was.</summary>
    [Id(10)]
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When it was deleted; the text is then empty (rule M10).</summary>
    [Id(11)]
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whom it mentions; null for nobody. In a change that is replayed: whom it mentioned when it was posted.</summary>
    [Id(12)]
    public MentionSet? Mentions { get; init; }

    /// <summary>The message that it answers.</summary>
    [Id(13)]
    public MessageQuote? ReplyTo { get; init; }

    /// <summary>In order of the emoji's text. Empty in a change: reactions have changes of their own.</summary>
    [Id(14)]
    public ImmutableArray<Reaction> Reactions { get; init; } = [];
}

/// <summary>Whom a message mentions (rules N1, N3): members by name, and those whom a wide mention means.</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionSet")]
public sealed record MentionSet
{
    /// <summary>Members mentioned by name, each once.</summary>
    [Id(0)]
    public ImmutableArray<UserId> Users { get; init; } = [];

    /// <summary>@all: every member but the author.</summary>
    [Id(1)]
    public bool All { get; init; }

    /// <summary>@here: the members who were online when it was posted.</summary>
    [Id(2)]
    public ImmutableArray<UserId> Here { get; init; } = [];

    /// <summary>True when nobody is mentioned.</summary>
    public bool IsEmpty => Users.IsEmpty && !All && Here.IsEmpty;

    /// <summary>Equal when the same people are mentioned in the same way.</summary>
    public bool Equals(MentionSet? other) =>
        other is not null && All == other.All && Users.SequenceEqual(other.Users) && Here.SequenceEqual(other.Here);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Users.Length, All, Here.Length);
}

/// <summary>The message that another one answers, as it stands now.</summary>
[GenerateSerializer, Immutable, Alias("chat.MessageQuote")]
public sealed record MessageQuote
{
    /// <summary>Its place.</summary>
    [Id(0)]
    public required long Seq { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(1)]
    public required UserId AuthorId { get; init; }

    /// <summary>The author's display name when it was read.</summary>
    [Id(2)]
    public required string AuthorName { get; init; }

    /// <summary>Its text, cut to <see cref="TextScalarsMax"/> scalars; empty when it was deleted.</summary>
    [Id(3)]
    public required string Text { get; init; }

    /// <summary>True when it was deleted.</summary>
    [Id(4)]
    public bool Deleted { get; init; }

    /// <summary>Longest quoted text, in Unicode scalars.</summary>
    public const int TextScalarsMax = 200;
}

/// <summary>Everybody who reacted to a message with the same emoji.</summary>
[GenerateSerializer, Immutable, Alias("chat.Reaction")]
public sealed record Reaction
{
    /// <summary>The emoji, one grapheme.</summary>
    [Id(0)]
    public required string Emoji { get; init; }

    /// <summary>How many people.</summary>
    [Id(1)]
    public required int Count { get; init; }

    /// <summary>The first <see cref="UsersMax"/> of them, in the order of their reactions.</summary>
    [Id(2)]
    public required ImmutableArray<UserId> Users { get; init; }

    /// <summary>Whether the reader is one of them; false in a change, which says who reacted.</summary>
    [Id(3)]
    public bool Mine { get; init; }

    /// <summary>Most people named.</summary>
    public const int UsersMax = 20;

    /// <summary>Equal when the same people are named in the same order.</summary>
    public bool Equals(Reaction? other) =>
        other is not null && Emoji == other.Emoji && Count == other.Count && Mine == other.Mine && Users.SequenceEqual(other.Users);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Emoji, Count, Mine);
}

/// <summary>What a change did; every place that tells changes apart names all of them.</summary>
public enum ChangeKind
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>A message was posted, or a fact stated.</summary>
    Posted,

    /// <summary>A message was edited.</summary>
    Edited,

    /// <summary>A message was deleted.</summary>
    Deleted,

    /// <summary>Somebody reacted to a message, or took a reaction back.</summary>
    Reacted,
}

/// <summary>
/// One entry of a conversation's log, by its <c>rev</c>. Read again later it tells what happened then with the texts of
/// now: what was edited or deleted since does not come back.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.ConversationChange")]
public sealed record ConversationChange
{
    /// <summary>The change's number.</summary>
    [Id(0)]
    public required long Rev { get; init; }

    /// <summary>The message that this change posted.</summary>
    [Id(1)]
    public Message? Posted { get; init; }

    /// <summary>The edit that this change is.</summary>
    [Id(2)]
    public MessageEdited? Edited { get; init; }

    /// <summary>The deletion that this change is.</summary>
    [Id(3)]
    public MessageDeleted? Deleted { get; init; }

    /// <summary>The reaction that this change is.</summary>
    [Id(4)]
    public ReactionChanged? Reacted { get; init; }

    /// <summary>Which of them it is.</summary>
    public ChangeKind Kind => this switch
    {
        { Posted: not null } => ChangeKind.Posted,
        { Edited: not null } => ChangeKind.Edited,
        { Deleted: not null } => ChangeKind.Deleted,
        { Reacted: not null } => ChangeKind.Reacted,
        _ => ChangeKind.Unknown,
    };
}

/// <summary>A message's text was replaced by its author (rules M8, M9).</summary>
[GenerateSerializer, Immutable, Alias("chat.MessageEdited")]
public sealed record MessageEdited
{
    /// <summary>Which message.</summary>
    [Id(0)]
    public required long Seq { get; init; }

    /// <summary>Its author.</summary>
    [Id(1)]
    public required UserId AuthorId { get; init; }

    /// <summary>The version that stands now.</summary>
    [Id(2)]
    public required int Version { get; init; }

    /// <summary>The text that stands now; empty when it was deleted since.</summary>
    [Id(3)]
    public required string Text { get; init; }

    /// <summary>When it was last edited.</summary>
    [Id(4)]
    public required DateTimeOffset EditedAt { get; init; }

    /// <summary>When it was posted: whether a wide mention was muted goes by it.</summary>
    [Id(5)]
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Whom it mentioned before this edit; null for nobody.</summary>
    [Id(6)]
    public MentionSet? Before { get; init; }

    /// <summary>Whom it mentions after this edit; null for nobody.</summary>
    [Id(7)]
    public MentionSet? After { get; init; }
}

/// <summary>A message became a tombstone on the same seq (rule M10).</summary>
[GenerateSerializer, Immutable, Alias("chat.MessageDeleted")]
public sealed record MessageDeleted
{
    /// <summary>Which message.</summary>
    [Id(0)]
    public required long Seq { get; init; }

    /// <summary>Its author.</summary>
    [Id(1)]
    public required UserId AuthorId { get; init; }

    /// <summary>When it was deleted.</summary>
    [Id(2)]
    public required DateTimeOffset DeletedAt { get; init; }

    /// <summary>When it was posted: whether a wide mention was muted goes by it.</summary>
    [Id(3)]
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Whom it mentioned; null for nobody.</summary>
    [Id(4)]
    public MentionSet? Before { get; init; }

    /// <summary>The last message that counts for the chat list now, its text cut like there; null when none is left.</summary>
    [Id(5)]
    public Message? LastMessage { get; init; }

    /// <summary>The conversation's last activity now (rule L2); null where the log alone was read, which says neither this nor the last message.</summary>
    [Id(6)]
    public DateTimeOffset? LastActivity { get; init; }
}

/// <summary>Somebody reacted to a message, or took a reaction back.</summary>
[GenerateSerializer, Immutable, Alias("chat.ReactionChanged")]
public sealed record ReactionChanged
{
    /// <summary>Which message.</summary>
    [Id(0)]
    public required long Seq { get; init; }

    /// <summary>Who did.</summary>
    [Id(1)]
    public required UserId UserId { get; init; }

    /// <summary>With which emoji.</summary>
    [Id(2)]
    public required string Emoji { get; init; }

    /// <summary>False when it was taken back.</summary>
    [Id(3)]
    public required bool Added { get; init; }

    /// <summary>How many people's reaction this emoji was after it.</summary>
    [Id(4)]
    public required int Count { get; init; }

    /// <summary>The first of them after it, like <see cref="Reaction.Users"/>.</summary>
    [Id(5)]
    public required ImmutableArray<UserId> Users { get; init; }
}

/// <summary>
/// What one append wrote, published after its commit: changes without a hole between them. A hint: it may be lost,
/// repeated or late, and everything in it can be read again from the conversation by <c>rev</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.ConversationAppended")]
public sealed record ConversationAppended
{
    /// <summary>Whose conversation.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }

    /// <summary>Which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The <c>rev</c> of the last membership change: members cached with a lower one are stale.</summary>
    [Id(2)]
    public required long MembersRev { get; init; }

    /// <summary>In order of <c>rev</c>, at least one.</summary>
    [Id(3)]
    public required ImmutableArray<ConversationChange> Changes { get; init; }
}

/// <summary>The current members and the <c>rev</c> that made them so.</summary>
[GenerateSerializer, Immutable, Alias("chat.MemberList")]
public sealed record MemberList
{
    /// <summary>The <c>rev</c> of the last membership change.</summary>
    [Id(0)]
    public required long MembersRev { get; init; }

    /// <summary>Who belongs to the conversation now, in no particular order.</summary>
    [Id(1)]
    public required ImmutableArray<UserId> Members { get; init; }
}
