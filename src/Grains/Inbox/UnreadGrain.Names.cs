using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Inbox;

/// <summary>Conversations and people by name (rules C5, L4, N2).</summary>
internal sealed partial class UnreadGrain
{
    private const int PeopleMax = 200;
    private const int RankedMax = 200;

    public async Task<ImmutableArray<FoundConversation>> FindConversationsAsync(
        Caller caller, string text, int limit, CancellationToken cancellationToken)
    {
        if (!IsMine(caller) || TextRules.Normalize(text) is not { } normalized)
        {
            return [];
        }

        var names = await inbox.ReadNamesAsync(_key.TenantId, _key.UserId, [], options.Value.NamesMax, cancellationToken);
        var ranked = NameRules.Rank(names, TextFold.Fold(normalized.Trim()), _key.UserId, RankedMax);
        var rows = await inbox.ReadAsync(
            _key.TenantId, _key.UserId, [.. ranked.Select(named => named.ConversationId)], cancellationToken);
        return NameRules.Boost(ranked, rows, limit);
    }

    public async Task<MentionablePeople> FindMentionableAsync(
        Caller caller, ConversationId conversation, string text, int limit, CancellationToken cancellationToken)
    {
        if (!IsMine(caller)
            || await inbox.ReadMentionablesAsync(_key.TenantId, _key.UserId, conversation, cancellationToken) is not { } read)
        {
            return new MentionablePeople { Found = false };
        }

        return new MentionablePeople
        {
            Found = true,
            People = TextRules.Normalize(text) is { } normalized
                ? NameRules.Mentionable(read, TextFold.Fold(normalized.Trim()), _key.UserId, limit)
                : [],
        };
    }

    /// <summary>The conversations that a filter of the chat list leaves.</summary>
    private async Task<ImmutableArray<ConversationId>> NamedAsync(string filter, CancellationToken cancellationToken)
    {
        if (TextRules.Normalize(filter) is not { } normalized)
        {
            return [];
        }

        // Everybody whose name fits; not the caller, who is in every conversation of theirs.
        var people = await GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_key.TenantId).ToString()).FindAsync(normalized, PeopleMax, cancellationToken);
        UserId[] others = [.. people.Select(person => person.UserId).Where(person => person != _key.UserId)];
        var names = await inbox.ReadNamesAsync(_key.TenantId, _key.UserId, others, options.Value.NamesMax, cancellationToken);
        return NameRules.Filter(names, TextFold.Fold(normalized.Trim()), _key.UserId);
    }
}
