using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Model;

/// <summary>What people read.</summary>
internal sealed partial class ModelChat
{
    /// <summary>The whole list: unread first (mentions, then the others), then the rest, each by last activity (rules L1, L2).</summary>
    internal ImmutableArray<InboxRow> List(Caller caller) => caller.TenantId != tenant ? [] :
    [
        .. ConversationsOf(caller.UserId).Select(conversation => RowOf(conversation, caller.UserId))
            .OrderBy(row => row.Basis.Mentions > 0 ? 0 : row.Basis.Unread > 0 ? 1 : 2)
            .ThenByDescending(row => row.LastActivity)
            .ThenBy(row => row.ConversationId.Value, StringComparer.Ordinal),
    ];

    internal HistoryPage History(Caller caller, ConversationId id, HistoryAnchor anchor, long seq, int limit)
    {
        if (caller.TenantId == tenant && Of(id) is null)
        {
            return new HistoryPage { Found = IsOfPair(id, caller.UserId) };
        }

        if (Member(caller, id) is not { } conversation)
        {
            return new HistoryPage { Found = false };
        }

        var (readSeq, head) = (conversation.Members[caller.UserId].ReadSeq, conversation.Seq);
        var first = anchor switch
        {
            HistoryAnchor.Latest => head - limit + 1,
            HistoryAnchor.Unread => Math.Min(readSeq + 1 - (limit / 3), head - limit + 1),
            HistoryAnchor.Before => seq - limit,
            HistoryAnchor.After => seq + 1,
            HistoryAnchor.Around => seq - (limit / 2),
        };

        // A third before the first unread one, and never so that the page would begin before the first message.
        var from = anchor == HistoryAnchor.Unread ? Math.Max(1, first) : first;
        return new HistoryPage
        {
            Found = true,
            Messages = [.. conversation.Messages.Where(message => message.Seq >= from && message.Seq < from + limit).Select(message => conversation.SeenBy(caller.UserId, message))],
            Head = conversation.Head,
            ReadSeq = readSeq,
        };
    }

    internal VersionsPage Versions(Caller caller, ConversationId id, long seq) =>
        Member(caller, id)?.Find(seq) is not { IsText: true } message
            ? new VersionsPage { Found = false }
            : new VersionsPage
            {
                Found = true,
                Versions = message.DeletedAt is not null ? [] :
                    [.. message.Texts.Select((text, index) => new MessageVersion { Version = index + 1, Text = text.Text, Time = text.Time })],
            };

    internal MembersPage Members(Caller caller, ConversationId id, UserId? after, int limit)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return new MembersPage { Found = false };
        }

        var page = conversation.Members.Keys.Where(user => after is null || string.CompareOrdinal(user.Value, after.Value.Value) > 0)
            .OrderBy(user => user.Value, StringComparer.Ordinal).Take(limit);
        return new MembersPage { Found = true, Count = conversation.Members.Count, Members = [.. page.Select(PersonOf)] };
    }

    /// <summary>The row and which changes follow a rev: their numbers and kinds, and the messages they are about.</summary>
    internal (InboxRow? Row, bool Reset, ImmutableArray<(long Rev, ChangeKind Kind, long Seq)> Changes) Sync(Caller caller, ConversationId id, long since)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return (null, false, []);
        }

        var behind = conversation.Rev - since;
        var reset = behind is < 0 or > Bounds.ChangesMax;
        return (RowOf(conversation, caller.UserId), reset, reset ? [] :
            [.. conversation.Changes.Select((change, index) => (index + 1L, change.Kind, change.Seq)).Where(change => change.Item1 > since)]);
    }

    /// <summary>Rule U5: up, and never beyond the end.</summary>
    internal InboxRow? MarkRead(Caller caller, ConversationId id, long upTo)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return null;
        }

        Move(conversation, caller.UserId, Math.Max(conversation.Members[caller.UserId].ReadSeq, Math.Min(upTo, conversation.Seq)));
        return RowOf(conversation, caller.UserId);
    }

    /// <summary>Rule L4: exact, prefix, prefix of a word, inner; equal ones by name. Case and accents do not matter.</summary>
    internal ImmutableArray<UserId> Find(string text, int limit)
    {
        var wanted = Fold(text.Trim());
        return
        [
            .. Cast.All.Where(player => Find(player.Id) is { Active: true })
                .Select(player => (Player: player, Rank: Math.Min(Rank(Fold(player.Name), wanted), Rank(Fold(player.Text), wanted))))
                .Where(found => wanted.Length == 0 || found.Rank < 4)
                .OrderBy(found => wanted.Length == 0 ? 0 : found.Rank)
                .ThenBy(found => Fold(found.Player.Name), StringComparer.Ordinal)
                .Take(limit).Select(found => found.Player.Id),
        ];

        static string Fold(string name) => string.Concat(name.Normalize(NormalizationForm.FormD)
            .Where(character => char.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();

        static int Rank(string name, string wanted) =>
            name == wanted ? 0
            : name.StartsWith(wanted, StringComparison.Ordinal) ? 1
            : Enumerable.Range(1, Math.Max(0, name.Length - 1)).Any(at => !char.IsLetterOrDigit(name[at - 1]) && name.AsSpan(at).StartsWith(wanted, StringComparison.Ordinal)) ? 2
            : name.Contains(wanted, StringComparison.Ordinal) ? 3 : 4;
    }

    internal static InboxRow RowOf(ModelConversation conversation, UserId user)
    {
        var view = conversation.ViewOf(user);
        return new InboxRow
        {
            ConversationId = view.Id,
            Kind = view.Kind,
            Title = view.Title,
            PeerId = view.PeerId,
            PeerName = view.PeerName,
            Head = conversation.Head,
            LastActivity = view.LastActivity,
            LastMessage = view.LastMessage,
            Basis = view.Basis,
            Level = view.Level,
        };
    }

    private static void Move(ModelConversation conversation, UserId user, long readSeq)
    {
        var mine = conversation.Members[user];
        if (mine.ReadSeq != readSeq)
        {
            mine.ReadSeq = readSeq;
            conversation.Turn(user);
        }
    }

    private Person PersonOf(UserId user)
    {
        var player = Cast.All.First(player => player.Id == user);
        var (active, restricted) = Find(user)!.Value;
        return new Person { UserId = user, Name = player.Name, Role = RoleOf(player, restricted), Active = active };
    }
}
