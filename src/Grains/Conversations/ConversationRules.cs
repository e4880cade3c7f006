using System.Collections.Immutable;
using System.Text;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Text;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations;

/// <summary>What may be done in a conversation; pure functions of what the grain knows and the command.</summary>
internal static class ConversationRules
{
    /// <summary>The text as it is stored, or why it is refused (rule M6).</summary>
    internal static (string Text, CommandRefusal? Refusal) CheckText(string text, ConversationOptions options)
    {
        // Bounded before any work on it: NFC makes one scalar of at most four code units.
        if (text.Length > options.TextScalarsMax * 4L)
        {
            return (text, CommandRefusal.TextTooLong);
        }

        if (TextRules.Normalize(text) is not { } normalized)
        {
            return (text, CommandRefusal.TextInvalid);
        }

        if (string.IsNullOrWhiteSpace(normalized))
        {
            return (normalized, CommandRefusal.TextEmpty);
        }

        return TextRules.HasMoreScalarsThan(normalized, options.TextScalarsMax) || Encoding.UTF8.GetByteCount(normalized) > options.TextBytesMax
            ? (normalized, CommandRefusal.TextTooLong)
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
    internal static CommandResult Repeated(StoredCommand stored, ContentHash content) =>
        stored.ContentHash == content
            ? new CommandResult { Seq = stored.Seq, Rev = stored.Rev, Time = stored.At, Duplicate = true }
            : new CommandResult { Refusal = CommandRefusal.ClientIdReused };

    /// <summary>Whether somebody has a permission; without <see cref="ChatPermissions.Use"/> nobody has any.</summary>
    internal static bool Has(Caller caller, ChatPermissions permission) =>
        (caller.Permissions & (permission | ChatPermissions.Use)) == (permission | ChatPermissions.Use);

    /// <summary>
    /// Whether a member may write: in groups always; the first message of a direct conversation needs to start one, every other
    /// to reply (rule R2).
    /// </summary>
    internal static bool MayPost(ConversationState? state, ChatPermissions permissions) =>
        permissions.HasFlag(ChatPermissions.Use) && (state is null
            ? permissions.HasFlag(ChatPermissions.DirectStart)
            : state.Kind != ConversationKind.Direct || (permissions & (ChatPermissions.DirectStart | ChatPermissions.DirectReply)) != 0);

    /// <summary>Why somebody may not change a group's members or name; null when they may. Without a permission every member may.</summary>
    internal static CommandRefusal? RefuseGroupChange(ConversationState? state, Caller caller, ChatPermissions? permission) =>
        state is null || !state.Members.Contains(caller.UserId) ? CommandRefusal.NotFound
            : state.Kind != ConversationKind.Group ? CommandRefusal.NotAGroup
            : permission is { } needed && !Has(caller, needed) ? CommandRefusal.Forbidden
            : null;

    /// <summary>Why these cannot become members; null when they can (rule C7).</summary>
    internal static CommandRefusal? RefuseMembers(ImmutableArray<UserId> joining, ImmutableArray<Person> people)
    {
        var known = people.Where(person => person.Active).ToDictionary(person => person.UserId);
        return joining.Any(user => !known.ContainsKey(user)) ? CommandRefusal.UnknownMember
            : joining.Any(user => !known[user].Permissions.HasFlag(ChatPermissions.Use)) ? CommandRefusal.MemberRestricted
            : null;
    }

    /// <summary>A message as the answers to it show it.</summary>
    internal static MessageQuote Quote(Message message) => new()
    {
        Seq = message.Seq,
        AuthorId = message.AuthorId,
        AuthorName = message.AuthorName,
        Text = TextRules.Cut(message.Text, MessageQuote.TextScalarsMax),
        Deleted = message.DeletedAt is not null,
    };

    /// <summary>What a direct conversation is created with: its two people (one, when it is with oneself).</summary>
    internal static (ConversationCreation Creation, IReadOnlyList<MembershipBegin> Begins, ConversationState State) CreateDirect(
        ConversationId id, UserId creator, DateTimeOffset at)
    {
        if (!id.TryGetPair(out var one, out var other))
        {
            throw new ArgumentException("Not a direct conversation.", nameof(id));
        }

        var creation = new ConversationCreation { Kind = ConversationKind.Direct, CreatedBy = creator, CreatedAt = at };
        var state = new ConversationState { Head = default, Kind = ConversationKind.Direct, MembersRev = 1, Members = [one, other], CreatedAt = at };
        return (creation, [.. state.Members.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 0 })], state);
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
