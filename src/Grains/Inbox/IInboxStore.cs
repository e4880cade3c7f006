using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>
/// What the store knows of people's chat lists. Every answer is over current memberships and from one snapshot.
/// Throws <see cref="StoreUnavailableException"/> when the store cannot answer in time.
/// </summary>
public interface IInboxStore
{
    /// <summary>Reports of one person's devices that are kept of one message: those of eight devices, each with all that can become of it.</summary>
    const int ReportsPerMessageMax = 32;

    /// <summary>
    /// A page of the chat list in the order of <see cref="InboxPosition"/>: block ascending, last activity descending, id
    /// ascending; of all of the user's conversations, or of those named.
    /// </summary>
    Task<InboxPage> ListAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId>? among, InboxPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>The rows of named conversations; those the user does not belong to are missing from the answer.</summary>
    Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the read cursor to max(cursor, min(seq, head)), answered after a durable commit; marks that wait at the same
    /// time share a commit. <see cref="UnreadBasis.ReadVersion"/> rises only when the cursor moved. Null when the user is
    /// not a member.
    /// </summary>
    Task<UnreadBasis?> MarkReadAsync(TenantId tenant, UserId user, ConversationId conversation, long upToSeq, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the read cursor down to max(<paramref name="fromSeq"/> − 1, right before the membership began); never up. False when
    /// the user is not a member.
    /// </summary>
    Task<bool> MarkUnreadAsync(TenantId tenant, UserId user, ConversationId conversation, long fromSeq, CancellationToken cancellationToken);

    /// <summary>Moves the cursor to the head in every conversation where something is unread, and remembers where it was under a token.</summary>
    /// <returns>The conversations.</returns>
    Task<ImmutableArray<ConversationId>> MarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken);

    /// <summary>Puts cursors back that were moved under a token, where the row is still as that left it.</summary>
    /// <returns>The conversations.</returns>
    Task<ImmutableArray<ConversationId>> UndoMarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken);

    /// <summary>Level and mute of one conversation; null when the user is not a member.</summary>
    Task<StoredNotifications?> ReadNotificationsAsync(TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>Replaces level and mute, if the row is still at the read version of <paramref name="before"/>, and keeps what was before.</summary>
    /// <returns>False when it is not: nothing was written.</returns>
    Task<bool> WriteNotificationsAsync(
        TenantId tenant, UserId user, ConversationId conversation, StoredNotifications before, NotificationSettings after, DateTimeOffset at,
        CancellationToken cancellationToken);

    /// <summary>A page of the messages that mention the user by name, newest first.</summary>
    Task<MentionsPage> ListMentionsAsync(
        TenantId tenant, UserId user, MentionPosition? after, int limit, bool unreadOnly, CancellationToken cancellationToken);

    /// <summary>Marks a mention as done, or as not done with null. False when there is none.</summary>
    Task<bool> MarkMentionDoneAsync(
        TenantId tenant, UserId user, ConversationId conversation, long seq, DateTimeOffset? doneAt, CancellationToken cancellationToken);

    /// <summary>What the user's conversations are called, the last active first; of more than <paramref name="limit"/> the first of them.</summary>
    /// <param name="tenant">Whose tenant.</param>
    /// <param name="user">Whose conversations.</param>
    /// <param name="people">Of each conversation it is said whether one of these is in it.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    Task<ImmutableArray<NamedConversation>> ReadNamesAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<UserId> people, int limit, CancellationToken cancellationToken);

    /// <summary>Everybody who can be mentioned in a conversation; null when the user is not a member.</summary>
    Task<MentionablesRead?> ReadMentionablesAsync(TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what a device did; of messages that do not exist or that the user cannot read nothing is kept, and of one message
    /// no more than <see cref="ReportsPerMessageMax"/>: a device can call itself what it likes.
    /// </summary>
    Task ReportNotificationsAsync(
        TenantId tenant, UserId user, string device, IReadOnlyCollection<NotificationReport> reports, CancellationToken cancellationToken);

    /// <summary>What the decision about a message rests on; null when there is no such message for the user.</summary>
    Task<NotifiedRead?> ReadNotifiedAsync(TenantId tenant, UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken);

    /// <summary>Takes the sender's turn at notifying each of these people in spite of do-not-disturb.</summary>
    /// <param name="tenant">Whose tenant.</param>
    /// <param name="sender">Who notifies.</param>
    /// <param name="people">Whom.</param>
    /// <param name="at">Now.</param>
    /// <param name="pause">So long after a turn there is no other.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those whose turn it was.</returns>
    Task<ImmutableArray<UserId>> TakeNotifyNowAsync(
        TenantId tenant, UserId sender, IReadOnlyCollection<UserId> people, DateTimeOffset at, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>Forgets settings that ended, reports that were made and turns that were taken before a time, of all tenants.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="limit">Most rows of each kind in one call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many rows went; 0 when none are left.</returns>
    Task<long> PurgeNotificationsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The user's draft in a conversation, and how many drafts they have; null when the user is not a member. While nobody has
    /// written in a direct conversation yet, its two people are members of it if the directory knows both as active.
    /// </summary>
    Task<DraftRead?> ReadDraftAsync(TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the user's draft, if the stored one is still of the version before. A membership that ends forgets the draft in
    /// the same commit, whichever of the two comes first.
    /// </summary>
    /// <returns>False when it is not, or the user is not a member: nothing was written.</returns>
    Task<bool> WriteDraftAsync(TenantId tenant, UserId user, Draft draft, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>All drafts of the user that have a text, the last saved first.</summary>
    Task<ImmutableArray<Draft>> ListDraftsAsync(TenantId tenant, UserId user, CancellationToken cancellationToken);

    /// <summary>Members of a conversation whose cursor has not moved since they joined.</summary>
    Task<ImmutableArray<UserId>> ReadNewcomersAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);
}
