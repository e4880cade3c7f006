using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog;

/// <summary>Pages of the chat list and of mentions: a store reads one row more than asked for, which tells whether there is a next page.</summary>
internal static class InboxPaging
{
    internal static InboxPage Cut(ImmutableArray<InboxRow> rows, int limit) =>
        rows.Length <= limit
            ? new InboxPage { Rows = rows }
            : new InboxPage { Rows = rows[..limit], Next = PositionOf(rows[limit - 1]) };

    internal static MentionsPage Cut(ImmutableArray<MentionRow> rows, int limit) =>
        rows.Length <= limit
            ? new MentionsPage { Rows = rows }
            : new MentionsPage { Rows = rows[..limit], Next = PositionOf(rows[limit - 1]) };

    /// <summary>With whom somebody has these direct conversations.</summary>
    internal static ImmutableArray<UserId> Peers(ImmutableArray<ConversationId> direct, UserId user)
    {
        var peers = ImmutableArray.CreateBuilder<UserId>(direct.Length);
        foreach (var conversation in direct)
        {
            if (conversation.TryGetPair(out var one, out var other))
            {
                peers.Add(one == user ? other : one);
            }
        }

        return peers.ToImmutable();
    }

    private static MentionPosition PositionOf(MentionRow row) => new()
    {
        Time = row.Message.Time,
        ConversationId = row.ConversationId,
        Seq = row.Message.Seq,
    };

    private static InboxPosition PositionOf(InboxRow row) => new()
    {
        Block = row.Basis switch
        {
            { Mentions: > 0 } => 0,
            { Unread: > 0 } => 1,
            _ => 2,
        },
        LastActivity = row.LastActivity,
        ConversationId = row.ConversationId,
    };
}
