using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Inbox;

/// <summary>
/// One person's inbox (key: <see cref="UserKey"/>): the chat list with its counts, the read cursors, the drafts. Answers from
/// one or two queries, without activating conversations.
/// </summary>
[Alias("chat.IUnreadGrain")]
public interface IUnreadGrain : IGrainWithStringKey
{
    /// <summary>A page of the chat list: unread first (mentions, then newest), then by last activity (rules L1, L2).</summary>
    [AlwaysInterleave]
    [Alias("ListAsync")]
    Task<InboxPage> ListAsync(InboxQuery query, CancellationToken cancellationToken);

    /// <summary>The rows of named conversations; those the caller does not belong to are missing from the answer.</summary>
    [AlwaysInterleave]
    [Alias("ReadAsync")]
    Task<ImmutableArray<InboxRow>> ReadAsync(Caller caller, ImmutableArray<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>
    /// For each conversation the changes since its rev (at most 200, and 2,000 or 1 MiB in all, else reset) and its row, for resync (rule M12).
    /// Conversations that the caller does not belong to are answered with <see cref="SyncedConversation.Row"/> null.
    /// </summary>
    [AlwaysInterleave]
    [Alias("SyncAsync")]
    Task<ImmutableArray<SyncedConversation>> SyncAsync(Caller caller, ImmutableArray<SyncPoint> points, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the read cursor up to a seq, never down and never beyond the conversation's head (rule U5); answered after
    /// the commit with the new basis, null when the caller does not belong to the conversation.
    /// </summary>
    [AlwaysInterleave]
    [Alias("MarkReadAsync")]
    Task<MarkReadResult> MarkReadAsync(Caller caller, ConversationId conversation, long upToSeq, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the read cursor back to right before a seq, never up and never before the caller's own beginning in the
    /// conversation (rule U8).
    /// </summary>
    [AlwaysInterleave]
    [Alias("MarkUnreadAsync")]
    Task<MarkReadResult> MarkUnreadAsync(Caller caller, ConversationId conversation, long fromSeq, CancellationToken cancellationToken);

    /// <summary>Moves every read cursor below which nothing is unread any more to the head of its conversation (rule U12).</summary>
    [AlwaysInterleave]
    [Alias("MarkAllReadAsync")]
    Task<MarkAllReadResult> MarkAllReadAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the cursors back that a <see cref="MarkAllReadAsync"/> of the last 10 s moved, each only while nothing else has
    /// changed the caller's row since.
    /// </summary>
    [AlwaysInterleave]
    [Alias("UndoMarkAllReadAsync")]
    Task<UndoMarkAllReadResult> UndoMarkAllReadAsync(Caller caller, Guid undo, CancellationToken cancellationToken);

    /// <summary>Chooses level and mute of one conversation (rules N7, U11); a mute begins and ends by the server's time.</summary>
    [AlwaysInterleave]
    [Alias("SetNotificationsAsync")]
    Task<SetNotificationsResult> SetNotificationsAsync(SetNotifications command, CancellationToken cancellationToken);

    /// <summary>A page of the messages that mention the caller by name, in conversations that the caller belongs to (rule N10).</summary>
    [AlwaysInterleave]
    [Alias("MentionsAsync")]
    Task<MentionsPage> MentionsAsync(MentionsQuery query, CancellationToken cancellationToken);

    /// <summary>Says whether the caller is done with a mention; false when there is no such mention.</summary>
    [AlwaysInterleave]
    [Alias("MarkMentionDoneAsync")]
    Task<bool> MarkMentionDoneAsync(Caller caller, ConversationId conversation, long seq, bool done, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations of the caller by group name, former group name, or name or id of the other person (rule L4): exact, prefix,
    /// prefix of a word, inner; among equals unread first, then by last activity.
    /// </summary>
    /// <param name="caller">Whose.</param>
    /// <param name="text">What to look for, at most 80 scalars.</param>
    /// <param name="limit">At most so many, 1 to 50.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    [AlwaysInterleave]
    [Alias("FindConversationsAsync")]
    Task<ImmutableArray<FoundConversation>> FindConversationsAsync(Caller caller, string text, int limit, CancellationToken cancellationToken);

    /// <summary>People of a conversation by name or id, in the order in which the caller will want to mention them (rule N2).</summary>
    /// <param name="caller">Who writes.</param>
    /// <param name="conversation">Where.</param>
    /// <param name="text">What was typed after the @, at most 80 scalars.</param>
    /// <param name="limit">At most so many, 1 to 8.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    [AlwaysInterleave]
    [Alias("FindMentionableAsync")]
    Task<MentionablePeople> FindMentionableAsync(
        Caller caller, ConversationId conversation, string text, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps what a device of the caller did with messages, for 7 days (rule N12). Messages that the caller cannot read are passed over.</summary>
    [AlwaysInterleave]
    [Alias("ReportNotificationsAsync")]
    Task ReportNotificationsAsync(
        Caller caller, string device, ImmutableArray<NotificationReport> reports, CancellationToken cancellationToken);

    /// <summary>Why a message of the last 7 days did or did not notify the caller (rule N12).</summary>
    [AlwaysInterleave]
    [Alias("WhyNotifiedAsync")]
    Task<WhyNotifiedResult> WhyNotifiedAsync(Caller caller, ConversationId conversation, long seq, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a message of the caller notify those whom it mentions by name although they ask not to be disturbed; the same person
    /// at most once an hour (rule N6).
    /// </summary>
    [AlwaysInterleave]
    [Alias("NotifyNowAsync")]
    Task<NotifyNowResult> NotifyNowAsync(Caller caller, ConversationId conversation, long seq, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the caller's draft in a conversation, or in the direct one with somebody of the tenant that nobody has written in
    /// yet, if it is still the one that the caller saw (rule W3). What is stored already is answered whatever the caller saw.
    /// </summary>
    [AlwaysInterleave]
    [Alias("SaveDraftAsync")]
    Task<SaveDraftResult> SaveDraftAsync(SaveDraft command, CancellationToken cancellationToken);

    /// <summary>All drafts of the caller, the last saved first.</summary>
    [AlwaysInterleave]
    [Alias("DraftsAsync")]
    Task<ImmutableArray<Draft>> DraftsAsync(Caller caller, CancellationToken cancellationToken);
}

/// <summary>A question for a page of the chat list.</summary>
[GenerateSerializer, Immutable, Alias("chat.InboxQuery")]
public sealed record InboxQuery
{
    /// <summary>Whose list.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>At most so many rows, 1 to 200.</summary>
    [Id(1)]
    public required int Limit { get; init; }

    /// <summary>Continue after this row; null for the first page.</summary>
    [Id(2)]
    public InboxPosition? After { get; init; }

    /// <summary>
    /// Only conversations with somebody whose name or id has this in it, or groups whose name or former name has; case and
    /// accents do not matter. Null or empty for all.
    /// </summary>
    [Id(3)]
    public string? Filter { get; init; }
}

/// <summary>A row's place in the list's order; pages continue by it, so rows that move meanwhile are not repeated within one walk.</summary>
[GenerateSerializer, Immutable, Alias("chat.InboxPosition")]
public sealed record InboxPosition
{
    /// <summary>0 mentions unread, 1 other unread, 2 the rest.</summary>
    [Id(0)]
    public required int Block { get; init; }

    /// <summary>Last activity of the row.</summary>
    [Id(1)]
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>The row's conversation; breaks ties.</summary>
    [Id(2)]
    public required ConversationId ConversationId { get; init; }
}

/// <summary>A page of the chat list.</summary>
[GenerateSerializer, Immutable, Alias("chat.InboxPage")]
public sealed record InboxPage
{
    /// <summary>In the list's order.</summary>
    [Id(0)]
    public required ImmutableArray<InboxRow> Rows { get; init; }

    /// <summary>Where the next page continues; null at the end.</summary>
    [Id(1)]
    public InboxPosition? Next { get; init; }
}

/// <summary>One conversation in somebody's chat list.</summary>
[GenerateSerializer, Immutable, Alias("chat.InboxRow")]
public sealed record InboxRow
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)]
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name; null for a direct conversation.</summary>
    [Id(2)]
    public string? Title { get; init; }

    /// <summary>The other person of a direct conversation (oneself, when it is with oneself).</summary>
    [Id(3)]
    public UserId? PeerId { get; init; }

    /// <summary>The other person's display name.</summary>
    [Id(4)]
    public string? PeerName { get; init; }

    /// <summary>The conversation's counters.</summary>
    [Id(5)]
    public required Head Head { get; init; }

    /// <summary>Time of the last countable message; of the creation when there is none (rule L2).</summary>
    [Id(6)]
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>The last countable message, its text cut to <see cref="PreviewScalarsMax"/> scalars; null when there is none.</summary>
    [Id(7)]
    public Message? LastMessage { get; init; }

    /// <summary>The caller's unread counts.</summary>
    [Id(8)]
    public required UnreadBasis Basis { get; init; }

    /// <summary>Which messages notify the caller; the mute stands with the counts.</summary>
    [Id(9)]
    public NotificationLevel Level { get; init; } = NotificationLevel.Default;

    /// <summary>Longest preview, in Unicode scalars.</summary>
    public const int PreviewScalarsMax = 200;
}

/// <summary>A conversation and the last change of it that a client has.</summary>
[GenerateSerializer, Immutable, Alias("chat.SyncPoint")]
public sealed record SyncPoint
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The last change the client has; 0 for none.</summary>
    [Id(1)]
    public required long Rev { get; init; }
}

/// <summary>What a client needs to catch up with one conversation.</summary>
[GenerateSerializer, Immutable, Alias("chat.SyncedConversation")]
public sealed record SyncedConversation
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The row as it is now; null when the caller does not belong to the conversation.</summary>
    [Id(1)]
    public InboxRow? Row { get; init; }

    /// <summary>True when the client is more than 200 changes behind or ahead of the log, or the whole answer would become too large with the changes.</summary>
    [Id(2)]
    public bool Reset { get; init; }

    /// <summary>Every change after the client's, up to at least the row's rev; empty with <see cref="Reset"/>.</summary>
    [Id(3)]
    public ImmutableArray<ConversationChange> Changes { get; init; } = [];
}

/// <summary>The answer to a read mark.</summary>
[GenerateSerializer, Immutable, Alias("chat.MarkReadResult")]
public sealed record MarkReadResult
{
    /// <summary>The counts after the mark; null when the caller does not belong to the conversation.</summary>
    [Id(0)]
    public UnreadBasis? Basis { get; init; }
}
