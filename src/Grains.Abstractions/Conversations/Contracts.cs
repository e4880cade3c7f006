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
}

/// <summary>One entry of a conversation's log, by its <c>rev</c>.</summary>
[GenerateSerializer, Immutable, Alias("chat.ConversationChange")]
public sealed record ConversationChange
{
    /// <summary>The change's number.</summary>
    [Id(0)]
    public required long Rev { get; init; }

    /// <summary>The message that this change posted; null for a change of a kind that this version does not know.</summary>
    [Id(1)]
    public Message? Posted { get; init; }
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
