using System.Collections.Immutable;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog;

/// <summary>Pages of the chat list: a store reads one row more than asked for, which tells whether there is a next page.</summary>
internal static class InboxPaging
{
    internal static InboxPage Cut(ImmutableArray<InboxRow> rows, int limit) =>
        rows.Length <= limit
            ? new InboxPage { Rows = rows }
            : new InboxPage { Rows = rows[..limit], Next = PositionOf(rows[limit - 1]) };

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
