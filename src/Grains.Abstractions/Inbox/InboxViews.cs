using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Inbox;

/// <summary>The answer to marking everything as read (rule U12).</summary>
[GenerateSerializer, Immutable, Alias("chat.MarkAllReadResult")]
public sealed record MarkAllReadResult
{
    /// <summary>How many conversations had something unread.</summary>
    [Id(0)]
    public required int Conversations { get; init; }

    /// <summary>Takes it back within <see cref="UndoTime"/>; null when nothing was unread.</summary>
    [Id(1)]
    public Guid? Undo { get; init; }

    /// <summary>So long it can be taken back.</summary>
    public static readonly TimeSpan UndoTime = TimeSpan.FromSeconds(10);
}

/// <summary>The answer to taking that back.</summary>
[GenerateSerializer, Immutable, Alias("chat.UndoMarkAllReadResult")]
public sealed record UndoMarkAllReadResult
{
    /// <summary>True when it is too late.</summary>
    [Id(0)]
    public bool Expired { get; init; }

    /// <summary>How many conversations are as they were; not those whose cursor or settings something else changed meanwhile.</summary>
    [Id(1)]
    public int Conversations { get; init; }
}

/// <summary>A question for a page of the messages that mention somebody by name (rule N10).</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionsQuery")]
public sealed record MentionsQuery
{
    /// <summary>Whose.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>At most so many, 1 to 200.</summary>
    [Id(1)]
    public required int Limit { get; init; }

    /// <summary>Only those above the read cursor that are not done.</summary>
    [Id(2)]
    public bool UnreadOnly { get; init; }

    /// <summary>Continue after this one; null for the first page.</summary>
    [Id(3)]
    public MentionPosition? After { get; init; }
}

/// <summary>A mention's place in the view: newest first.</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionPosition")]
public sealed record MentionPosition
{
    /// <summary>When the message was posted.</summary>
    [Id(0)]
    public required DateTimeOffset Time { get; init; }

    /// <summary>In which conversation; breaks ties.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Which message; breaks ties.</summary>
    [Id(2)]
    public required long Seq { get; init; }
}

/// <summary>A page of mentions.</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionsPage")]
public sealed record MentionsPage
{
    /// <summary>Newest first.</summary>
    [Id(0)]
    public required ImmutableArray<MentionRow> Rows { get; init; }

    /// <summary>Where the next page continues; null at the end.</summary>
    [Id(1)]
    public MentionPosition? Next { get; init; }
}

/// <summary>A message that mentions the caller by name.</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionRow")]
public sealed record MentionRow
{
    /// <summary>In which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)]
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name.</summary>
    [Id(2)]
    public string? Title { get; init; }

    /// <summary>The message, as it stands, with its text cut as in the chat list.</summary>
    [Id(3)]
    public required Message Message { get; init; }

    /// <summary>Whether it is above the read cursor.</summary>
    [Id(4)]
    public required bool Unread { get; init; }

    /// <summary>Whether the person is done with it.</summary>
    [Id(5)]
    public required bool Done { get; init; }
}

/// <summary>A conversation that a switcher found (rule L4).</summary>
[GenerateSerializer, Immutable, Alias("chat.FoundConversation")]
public sealed record FoundConversation
{
    /// <summary>The conversation.</summary>
    [Id(0)]
    public required InboxRow Row { get; init; }

    /// <summary>The name that it had before, when it was found by that (rule C5).</summary>
    [Id(1)]
    public string? FormerTitle { get; init; }
}

/// <summary>People of a conversation to mention (rule N2).</summary>
[GenerateSerializer, Immutable, Alias("chat.MentionablePeople")]
public sealed record MentionablePeople
{
    /// <summary>False when there is no such conversation for the caller.</summary>
    [Id(0)]
    public required bool Found { get; init; }

    /// <summary>Best first.</summary>
    [Id(1)]
    public ImmutableArray<Person> People { get; init; } = [];
}
