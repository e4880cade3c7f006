using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Search;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// Full text in a PostgreSQL database. Searches have connections of their own with a short statement timeout: history never waits
/// for them.
/// </summary>
internal sealed class PostgresSearchStore(PostgresReaders searchers, PostgresReaders readers, PostgresIndexing indexing) : ISearchStore
{
    private const string ReadMine =
        "select conversation_id from participants where tenant_id = $1 and user_id = any($2) and left_seq is null";

    private const string ReadTitles =
        """
        select p.conversation_id, c.title
        from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        union all
        select p.conversation_id, f.title
        from participants p
        join former_titles f on f.tenant_id = p.tenant_id and f.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        """;

    // Of all of them by pages: the last known one leads. A commit is visible later than it says it was stored, by as much as a statement takes.
    private const string ReadBehindOfAll =
        """
        select now(), b.tenant_id, b.conversation_id
        from (select 1) one
        left join lateral (
            select c.tenant_id, c.conversation_id
            from conversations c
            left join search_progress s on s.tenant_id = c.tenant_id and s.conversation_id = c.conversation_id
            where (c.tenant_id, c.conversation_id) > ($1, $2) and c.rev > coalesce(s.rev, 0)
            order by c.tenant_id, c.conversation_id
            limit $3
        ) b on true
        """;

    private const string ReadBehindSince =
        """
        with changed as (
            select tenant_id, conversation_id, max(rev) as rev
            from (
                select tenant_id, conversation_id, rev from messages where stored_at > $1 - interval '10 s'
                union all
                select tenant_id, conversation_id, rev from changes where stored_at > $1 - interval '10 s') one
            group by tenant_id, conversation_id
        )
        select now(), b.tenant_id, b.conversation_id
        from (select 1) one
        left join lateral (
            select g.tenant_id, g.conversation_id
            from changed g
            left join search_progress s on s.tenant_id = g.tenant_id and s.conversation_id = g.conversation_id
            where g.rev > coalesce(s.rev, 0)
            order by g.tenant_id, g.conversation_id
        ) b on true
        """;

    public async Task<SearchPage> SearchAsync(
        TenantId tenant, UserId searcher, SearchFilter filter, long? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISearchStore.PageMax);
        var places = await PlacesAsync(tenant, searcher, filter, cancellationToken).ConfigureAwait(false);
        if (places.Count == 0)
        {
            return new SearchPage { Messages = [] };
        }

        var clauses = new IndexTerms(tenant).Clauses(filter, searcher, places.Count <= SearchScope.NamedMax ? places : null);
        var narrowed = !filter.In.IsEmpty || !filter.With.IsEmpty;
        return await new PostgresSearch(searchers, tenant, searcher, filter, clauses, narrowed ? places : null, limit)
            .RunAsync(after, cancellationToken).ConfigureAwait(false);
    }

    public async Task<BehindPage> ReadBehindAsync(DateTimeOffset? since, ConversationKey? after, CancellationToken cancellationToken) =>
        since is { } time
            ? await readers.ReadAsync(
                ReadBehindSince, ReadBehindPageAsync, cancellationToken, Value(NpgsqlDbType.TimestampTz, PostgresRows.Utc(time))).ConfigureAwait(false)
            : await readers.ReadAsync(
                ReadBehindOfAll,
                ReadBehindPageAsync,
                cancellationToken,
                Value(NpgsqlDbType.Text, after?.TenantId.Value ?? ""),
                Value(NpgsqlDbType.Text, after?.ConversationId.Value ?? ""),
                Value(NpgsqlDbType.Bigint, (long)BehindPage.PageMax)).ConfigureAwait(false);

    public Task<IndexedChanges?> IndexAsync(IReadOnlyList<ConversationKey> conversations, int revsMax, CancellationToken cancellationToken) =>
        indexing.IndexAsync(conversations, revsMax, cancellationToken);

    /// <summary>The searcher's conversations, as far as the filter lets them. What is found checks the membership again.</summary>
    private async Task<HashSet<ConversationId>> PlacesAsync(TenantId tenant, UserId searcher, SearchFilter filter, CancellationToken cancellationToken)
    {
        var places = await ConversationsOfAsync(tenant, [searcher], cancellationToken).ConfigureAwait(false);
        if (!filter.In.IsEmpty)
        {
            var titles = await searchers.ReadAsync(
                ReadTitles, ReadTitlesAsync, cancellationToken, Value(NpgsqlDbType.Text, tenant.Value), Value(NpgsqlDbType.Text, searcher.Value)).ConfigureAwait(false);
            places.IntersectWith(SearchScope.Named(filter.In, titles));
        }

        foreach (var people in filter.With)
        {
            places.IntersectWith(await ConversationsOfAsync(tenant, people, cancellationToken).ConfigureAwait(false));
        }

        return places;
    }

    private Task<HashSet<ConversationId>> ConversationsOfAsync(TenantId tenant, ImmutableArray<UserId> users, CancellationToken cancellationToken) =>
        searchers.ReadAsync(
            ReadMine, ReadConversationsAsync, cancellationToken, Value(NpgsqlDbType.Text, tenant.Value), Texts(users.Select(user => user.Value)));

    private static async Task<HashSet<ConversationId>> ReadConversationsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var conversations = new HashSet<ConversationId>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            conversations.Add(new ConversationId { Value = reader.GetString(0) });
        }

        return conversations;
    }

    private static async Task<List<(ConversationId, string?)>> ReadTitlesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<(ConversationId, string?)> titles = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            titles.Add((new ConversationId { Value = reader.GetString(0) }, reader.OptionalText(1)));
        }

        return titles;
    }

    private static async Task<BehindPage> ReadBehindPageAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.UnixEpoch;
        var keys = ImmutableArray.CreateBuilder<ConversationKey>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            at = reader.Time(0);
            if (!reader.IsDBNull(1))
            {
                keys.Add(new ConversationKey(new TenantId { Value = reader.GetString(1) }, new ConversationId { Value = reader.GetString(2) }));
            }
        }

        return new BehindPage { At = at, Conversations = keys.DrainToImmutable() };
    }

    internal static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    internal static NpgsqlParameter Texts(IEnumerable<string>? values) => Value(NpgsqlDbType.Array | NpgsqlDbType.Text, values?.ToArray());
}
