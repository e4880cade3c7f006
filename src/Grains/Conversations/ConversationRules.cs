using System.Text;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Text;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

/// <summary>What may be done in a conversation; pure functions of what the grain knows and the command.</summary>
internal static class ConversationRules
{
    /// <summary>The text as it is stored, or why it is refused (rule M6).</summary>
    internal static (string Text, PostRefusal? Refusal) CheckText(string text, ConversationOptions options)
    {
        // Bounded before any work on it: NFC makes one scalar of at most four code units.
        if (text.Length > options.TextScalarsMax * 4L)
        {
            return (text, PostRefusal.TextTooLong);
        }

        if (TextRules.Normalize(text) is not { } normalized)
        {
            return (text, PostRefusal.TextInvalid);
        }

        if (string.IsNullOrWhiteSpace(normalized))
        {
            return (normalized, PostRefusal.TextEmpty);
        }

        return TextRules.HasMoreScalarsThan(normalized, options.TextScalarsMax) || Encoding.UTF8.GetByteCount(normalized) > options.TextBytesMax
            ? (normalized, PostRefusal.TextTooLong)
            : (normalized, null);
    }

    /// <summary>
    /// Whether somebody belongs to the conversation: by its members, or, while a direct conversation is not written yet,
    /// by its name (rules C1, C2).
    /// </summary>
    internal static bool IsMember(ConversationId id, ConversationState? state, UserId user) =>
        state is not null
            ? state.Members.Contains(user)
            : id.TryGetPair(out var one, out var other) && (user == one || user == other);

    /// <summary>The answer to a command that was stored before: the same place again, or a refusal for another content (rule M3).</summary>
    internal static PostResult Repeated(StoredCommand stored, ContentHash content) =>
        stored.ContentHash == content
            ? new PostResult { Seq = stored.Seq, Rev = stored.Rev, Time = stored.At, Duplicate = true }
            : new PostResult { Refusal = PostRefusal.ClientIdReused };

    /// <summary>What a direct conversation is created with: its two people (one, when it is with oneself).</summary>
    internal static (ConversationCreation Creation, IReadOnlyList<UserId> Members) CreateDirect(ConversationId id, UserId creator, DateTimeOffset at)
    {
        if (!id.TryGetPair(out var one, out var other))
        {
            throw new ArgumentException("Not a direct conversation.", nameof(id));
        }

        var creation = new ConversationCreation { Kind = ConversationKind.Direct, CreatedBy = creator, CreatedAt = at };
        return (creation, one == other ? [one] : [one, other]);
    }

    /// <summary>The seqs of a page of history. The first may be higher than the last: an empty page.</summary>
    internal static (long First, long Last) PageOf(HistoryQuery query, long headSeq, long readSeq)
    {
        var limit = query.Limit;
        var (first, last) = query.Anchor switch
        {
            HistoryAnchor.Latest => (headSeq - limit + 1, long.MaxValue),
            HistoryAnchor.Unread when readSeq >= headSeq => (headSeq - limit + 1, long.MaxValue),
            HistoryAnchor.Unread => FromUnread(readSeq, headSeq, limit),
            HistoryAnchor.Before => (query.Seq - limit, query.Seq - 1),
            HistoryAnchor.After => (query.Seq + 1, query.Seq + limit),
            HistoryAnchor.Around => (query.Seq - (limit / 2), query.Seq - (limit / 2) + limit - 1),
        };
        return (Math.Max(1, first), last);
    }

    /// <summary>One third before the first unread one (25 of 75, rule M11), the rest after; moved up where the end leaves room.</summary>
    private static (long First, long Last) FromUnread(long readSeq, long headSeq, int limit)
    {
        var first = Math.Max(1, Math.Min(readSeq + 1 - (limit / 3), headSeq - limit + 1));
        return (first, first + limit - 1);
    }
}
