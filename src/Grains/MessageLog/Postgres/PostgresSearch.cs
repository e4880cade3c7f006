using System.Collections.Immutable;
using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Search;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// One search on its way down through time. A GIN index answers with all matches and in no order, so the newest messages are tried one
/// by one first: words that are common fill a page from them, and only those that are not ask the index.
/// </summary>
internal sealed class PostgresSearch(
    PostgresReaders searchers,
    TenantId tenant,
    UserId searcher,
    SearchFilter filter,
    ImmutableArray<ImmutableArray<SearchToken>> clauses,
    IReadOnlyCollection<ConversationId>? places,
    int limit)
{
    /// <summary>Newest messages tried without the index: as many as take some milliseconds.</summary>
    private const long TriedMax = 2_000;

    /// <summary>Matches fetched at a time, with their texts.</summary>
    private const long FetchedMax = 100;

    /// <summary>Matches fetched for one page; what is wrong with one of them can only be its text.</summary>
    private const int FetchedOfPageMax = 2_000;

    private const string FoundColumns = " d.document, d.conversation_id, c.kind, c.title, " + MessageSql.Columns;

    // One lookup by key per table and document. "offset 0" and "order by seq" keep them so where the planner has no statistics yet.
    private const string FoundJoins =
        """

        cross join lateral (
            select read_seq from participants
            where tenant_id = $1 and conversation_id = d.conversation_id and user_id = $3 and left_seq is null offset 0) p
        cross join lateral (
            select kind, title from conversations where tenant_id = $1 and conversation_id = d.conversation_id offset 0) c
        cross join lateral (
            select * from messages
            where tenant_id = $1 and conversation_id = d.conversation_id and seq >= d.seq and seq <= d.seq order by seq limit 1) m
        """ + MessageSql.Joins +
        """

        where ($6::text[] is null or d.conversation_id = any($6))
            and m.kind = 1 and m.deleted_at is null
            and ($7::text[] is null or m.author_id = any($7))
            and (not $8 or m.seq > p.read_seq and m.author_id <> $3)
            and (not $9 or m.author_id <> $3 and (
                m.mentions -> 'all' = 'true' or m.mentions -> 'users' ? $3 or m.mentions -> 'here' ? $3))
        """;

    // The last document that was tried comes back even when none of them is found; null when there are no more of them.
    private const string TryNewest =
        """
        with newest as materialized (
            select document, conversation_id, seq, words @@ $2::tsquery as matches
            from search_documents
            where tenant_id = $1 and document < $4 and document >= $5
            order by document desc
            limit $11
        )
        select (select case when count(*) = $11 then min(document) end from newest), f.*
        from (select 1) one
        left join lateral (
            select
        """ + FoundColumns + " from (select * from newest where matches order by document desc) d" + FoundJoins +
        """

            order by d.document desc
            limit $10
        ) f on true
        """;

    private const string AskIndex =
        """
        with matching as materialized (
            select document, conversation_id, seq from search_documents
            where tenant_id = $1 and words @@ $2::tsquery and document < $4 and document >= $5
        )
        select null::bigint,
        """ + FoundColumns + " from (select * from matching order by document desc) d" + FoundJoins +
        """

        order by d.document desc
        limit $10
        """;

    private readonly string _expression = Expression(clauses);
    private readonly ImmutableArray<FoundMessage>.Builder _found = ImmutableArray.CreateBuilder<FoundMessage>();
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _below;
    private long? _next;
    private int _fetched;

    /// <param name="after">The number below which the page begins.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal async Task<SearchPage> RunAsync(long? after, CancellationToken cancellationToken)
    {
        _below = Math.Min(after ?? long.MaxValue, filter.Before is { } before ? DocumentNumber.First(before) : long.MaxValue);
        var sql = TryNewest;
        while (sql is not null)
        {
            var (tried, rows) = await searchers.ReadAsync(sql, ReadAsync, cancellationToken, Parameters()).ConfigureAwait(false);
            sql = Take(rows) ? null : Next(sql, tried, rows);
        }

        return new SearchPage { Messages = _found.DrainToImmutable(), Next = _next };
    }

    /// <returns>Whether the page is done.</returns>
    private bool Take(List<(long Document, FoundMessage Message)> rows)
    {
        foreach (var (document, message) in rows)
        {
            if (filter.Accepts(message.Message.Text))
            {
                if (_found.Count == limit)
                {
                    _next = _below;
                    return true;
                }

                _found.Add(message);
            }

            _below = document;
        }

        _fetched += rows.Count;
        if (rows.Count == 0 || _fetched < FetchedOfPageMax && Stopwatch.GetElapsedTime(_began) <= ISearchStore.TimeMax)
        {
            return false;
        }

        _next = _below;
        return true;
    }

    /// <summary>What is asked next; null when nothing is left.</summary>
    private string? Next(string sql, long? tried, List<(long Document, FoundMessage Message)> rows)
    {
        if (rows.Count == FetchedMax)
        {
            return sql; // There may be more of what was fetched.
        }

        if (sql == AskIndex || tried is null)
        {
            return null;
        }

        _below = tried.Value;
        return AskIndex;
    }

    private NpgsqlParameter[] Parameters() =>
    [
        PostgresSearchStore.Value(NpgsqlDbType.Text, tenant.Value),
        PostgresSearchStore.Value(NpgsqlDbType.Text, _expression),
        PostgresSearchStore.Value(NpgsqlDbType.Text, searcher.Value),
        PostgresSearchStore.Value(NpgsqlDbType.Bigint, _below),
        PostgresSearchStore.Value(NpgsqlDbType.Bigint, filter.NotBefore is { } notBefore ? DocumentNumber.First(notBefore) : 0L),
        PostgresSearchStore.Texts(places?.Select(conversation => conversation.Value)),
        PostgresSearchStore.Texts(filter.From.IsEmpty ? null : filter.From.Select(user => user.Value)),
        PostgresSearchStore.Value(NpgsqlDbType.Boolean, filter.Marks.HasFlag(SearchMarks.IsUnread)),
        PostgresSearchStore.Value(NpgsqlDbType.Boolean, filter.Marks.HasFlag(SearchMarks.IsMentioned)),
        PostgresSearchStore.Value(NpgsqlDbType.Bigint, FetchedMax),
        PostgresSearchStore.Value(NpgsqlDbType.Bigint, TriedMax),
    ];

    private static async Task<(long? Tried, List<(long Document, FoundMessage Message)> Rows)> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        long? tried = null;
        List<(long, FoundMessage)> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            tried = reader.IsDBNull(0) ? null : reader.GetInt64(0);
            if (!reader.IsDBNull(1))
            {
                rows.Add((reader.GetInt64(1), new FoundMessage
                {
                    ConversationId = new ConversationId { Value = reader.GetString(2) },
                    Kind = (ConversationKind)reader.GetInt16(3),
                    Title = reader.OptionalText(4),
                    Message = reader.Message(5),
                }));
            }
        }

        return (tried, rows);
    }

    /// <summary>Every term is a literal of a tsquery: between apostrophes, with those in it doubled.</summary>
    private static string Expression(ImmutableArray<ImmutableArray<SearchToken>> clauses) =>
        string.Join(" & ", clauses.Select(any => $"({string.Join(" | ", any.Select(Literal))})"));

    private static string Literal(SearchToken token) =>
        $"'{token.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'{(token.Prefix ? ":*" : "")}";
}
