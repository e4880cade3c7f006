using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>
/// How a change moves somebody's unread counts (rules U1–U4); pure, and the same as the web client's
/// <c>model/unreadRules.ts</c>: both run the golden vectors in <c>test/golden/unread-rules.json</c>.
/// </summary>
internal static class UnreadRules
{
    /// <summary>The basis after a change; the same basis for a change it includes already; null when the change leaves a hole.</summary>
    internal static UnreadBasis? Apply(UnreadBasis basis, ConversationChange change, UserId me, ConversationKind kind)
    {
        if (change.Rev <= basis.Rev)
        {
            return basis;
        }

        if (change.Rev > basis.Rev + 1)
        {
            return null;
        }

        var moved = basis with { Rev = change.Rev };
        return change.Kind switch
        {
            ChangeKind.Posted => Posted(moved, change.Posted!, me, kind),
            ChangeKind.Edited => Edited(moved, change.Edited!, me, kind),
            ChangeKind.Deleted => Deleted(moved, change.Deleted!, me, kind),
            ChangeKind.Reacted or ChangeKind.Unknown => moved,
        };
    }

    /// <summary>Of two answers of the server the one that is right: the higher read version, at equal ones the higher rev.</summary>
    internal static UnreadBasis Choose(UnreadBasis one, UnreadBasis other) =>
        (other.ReadVersion, other.Rev).CompareTo((one.ReadVersion, one.Rev)) > 0 ? other : one;

    /// <summary>By the kind of the change: what became of the message since has changes of its own.</summary>
    private static UnreadBasis Posted(UnreadBasis basis, Message message, UserId me, ConversationKind kind) =>
        message.Seq <= basis.ReadSeq ? basis
            : AddsMe(message, me) ? Count(basis, 1, 1)
            : message.Kind == MessageKind.Text && message.AuthorId != me ? Count(basis, 1, MentionsMe(basis, message.Mentions, message.Time, me, kind))
            : basis;

    private static UnreadBasis Edited(UnreadBasis basis, MessageEdited edited, UserId me, ConversationKind kind) =>
        edited.Seq <= basis.ReadSeq || edited.AuthorId == me ? basis
            : Count(basis, 0, MentionsMe(basis, edited.After, edited.PostedAt, me, kind) - MentionsMe(basis, edited.Before, edited.PostedAt, me, kind));

    private static UnreadBasis Deleted(UnreadBasis basis, MessageDeleted deleted, UserId me, ConversationKind kind) =>
        deleted.Seq <= basis.ReadSeq || deleted.AuthorId == me ? basis
            : Count(basis, -1, -MentionsMe(basis, deleted.Before, deleted.PostedAt, me, kind));

    private static UnreadBasis Count(UnreadBasis basis, int unread, int mentions) =>
        basis with { Unread = basis.Unread + unread, Mentions = basis.Mentions + mentions };

    /// <summary>1 for a message that mentions me: by name, by a wide mention that was not muted when it was posted, or in a direct conversation.</summary>
    private static int MentionsMe(UnreadBasis basis, MentionSet? mentions, DateTimeOffset postedAt, UserId me, ConversationKind kind)
    {
        var named = kind == ConversationKind.Direct || mentions?.Users.Contains(me) == true;
        var meant = mentions is not null && (mentions.All || mentions.Here.Contains(me)) && !NotificationRules.IsMuted(basis.MutedFrom, basis.MutedUntil, postedAt);
        return named || meant ? 1 : 0;
    }

    private static bool AddsMe(Message message, UserId me) =>
        message.Fact is { Kind: SystemFactKind.Added } fact && fact.Targets.Contains(me);
}
