using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Inbox;

/// <summary>Which conversations and people somebody means by what they typed; pure. Every text to look for is folded.</summary>
internal static class NameRules
{
    /// <summary>A conversation that fits, how well, and the former name that fitted better than its present ones.</summary>
    internal sealed record Named(ConversationId ConversationId, NameMatch Match, string? FormerTitle);

    /// <summary>Those with a name that fits or with a person who does.</summary>
    internal static ImmutableArray<ConversationId> Filter(ImmutableArray<NamedConversation> names, string wanted, UserId me) =>
    [
        .. names.Where(name => name.HasOneOf || MatchOf(name, wanted, me).Match != NameMatch.None).Select(name => name.ConversationId),
    ];

    /// <summary>The best of those with a name that fits: by match, then what may be unread, then by last activity (as they came).</summary>
    internal static ImmutableArray<Named> Rank(ImmutableArray<NamedConversation> names, string wanted, UserId me, int limit) =>
    [
        .. names
            .Select(name => (name.AboveCursor, Named: MatchOf(name, wanted, me)))
            .Where(found => found.Named.Match != NameMatch.None)
            .OrderBy(found => found.Named.Match)
            .ThenByDescending(found => found.AboveCursor) // Stable: the last active stay first.
            .Take(limit)
            .Select(found => found.Named),
    ];

    /// <summary>The same with what is known of them now: by match, then unread first, then by last activity.</summary>
    internal static ImmutableArray<FoundConversation> Boost(ImmutableArray<Named> ranked, ImmutableArray<InboxRow> rows, int limit)
    {
        var byId = rows.ToFrozenDictionary(row => row.ConversationId);
        return
        [
            .. ranked
                .Where(named => byId.ContainsKey(named.ConversationId))
                .Select(named => (named.Match, Found: new FoundConversation { Row = byId[named.ConversationId], FormerTitle = named.FormerTitle }))
                .OrderBy(found => found.Match)
                .ThenBy(found => found.Found.Row.Basis is { Unread: > 0 } ? 0 : 1)
                .ThenByDescending(found => found.Found.Row.LastActivity)
                .Take(limit)
                .Select(found => found.Found),
        ];
    }

    /// <summary>
    /// Members to mention (rule N2): whose word begins with the text before those who have it inside; then who wrote here lately,
    /// the last first; then with whom the caller writes directly; then by name; the caller last.
    /// </summary>
    internal static ImmutableArray<Person> Mentionable(MentionablesRead read, string wanted, UserId me, int limit)
    {
        var direct = read.DirectPeers.Select((peer, at) => (peer, at)).ToFrozenDictionary(peer => peer.peer, peer => peer.at);
        return
        [
            .. read.Members
                .Select(member => (Member: member, Name: TextFold.Fold(member.Name), Match: MatchOf(member, wanted)))
                .Where(found => found.Match != NameMatch.None)
                .OrderBy(found => found.Member.UserId == me)
                .ThenBy(found => found.Match == NameMatch.Inner)
                .ThenByDescending(found => found.Member.LastSeq ?? 0)
                .ThenBy(found => direct.GetValueOrDefault(found.Member.UserId, int.MaxValue))
                .ThenBy(found => found.Name, StringComparer.Ordinal)
                .ThenBy(found => found.Member.UserId.Value, StringComparer.Ordinal)
                .Take(limit)
                .Select(found => new Person { UserId = found.Member.UserId, Name = found.Member.Name, Role = found.Member.Role }),
        ];
    }

    private static NameMatch MatchOf(MentionableMember member, string wanted) =>
        wanted.Length == 0 ? NameMatch.Prefix : Better(MatchOf(member.Name, wanted), MatchOf(member.UserId.Value, wanted));

    private static Named MatchOf(NamedConversation name, string wanted, UserId me)
    {
        if (wanted.Length == 0)
        {
            return new Named(name.ConversationId, NameMatch.Prefix, null);
        }

        var present = Better(MatchOf(name.Title, wanted), MatchOf(name.PeerName, wanted));
        if (name.ConversationId.TryGetPair(out var one, out var other))
        {
            present = Better(present, MatchOf((one == me ? other : one).Value, wanted));
        }

        var best = new Named(name.ConversationId, present, null);
        foreach (var former in name.FormerTitles)
        {
            if (MatchOf(former, wanted) is var match && match < best.Match)
            {
                best = best with { Match = match, FormerTitle = former };
            }
        }

        return best;
    }

    private static NameMatch MatchOf(string? name, string wanted) =>
        name is null ? NameMatch.None : NameMatching.Of(TextFold.Fold(name), wanted);

    private static NameMatch Better(NameMatch one, NameMatch other) => one < other ? one : other;
}
