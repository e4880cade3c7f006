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
        return change.Posted is { } message && message.Seq > basis.ReadSeq
            ? (AddsMe(message, me), Counts(message, me)) switch
            {
                (true, _) => moved with { Unread = basis.Unread + 1, Mentions = basis.Mentions + 1 },
                (_, true) => moved with { Unread = basis.Unread + 1, Mentions = basis.Mentions + (kind == ConversationKind.Direct ? 1 : 0) },
                _ => moved,
            }
            : moved;
    }

    /// <summary>Of two answers of the server the one that is right: the higher read version, at equal ones the higher rev.</summary>
    internal static UnreadBasis Choose(UnreadBasis one, UnreadBasis other) =>
        (other.ReadVersion, other.Rev).CompareTo((one.ReadVersion, one.Rev)) > 0 ? other : one;

    private static bool Counts(Message message, UserId me) => message.Kind == MessageKind.Text && message.AuthorId != me;

    private static bool AddsMe(Message message, UserId me) =>
        message.Fact is { Kind: SystemFactKind.Added } fact && fact.Targets.Contains(me);
}
