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
    /// <summary>A page of the chat list in the order of <see cref="InboxPosition"/>: block ascending, last activity descending, id ascending.</summary>
    Task<InboxPage> ListAsync(TenantId tenant, UserId user, InboxPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>The rows of named conversations; those the user does not belong to are missing from the answer.</summary>
    Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the read cursor to max(cursor, min(seq, head)), answered after a durable commit; marks that wait at the same
    /// time share a commit. <see cref="UnreadBasis.ReadVersion"/> rises only when the cursor moved. Null when the user is
    /// not a member.
    /// </summary>
    Task<UnreadBasis?> MarkReadAsync(TenantId tenant, UserId user, ConversationId conversation, long upToSeq, CancellationToken cancellationToken);

    /// <summary>Members of a conversation whose cursor has not moved since they joined.</summary>
    Task<ImmutableArray<UserId>> ReadNewcomersAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);
}
