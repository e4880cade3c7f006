using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Search;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>
/// Full text in a SQLite file. FTS5 hands over matching documents one by one, highest number first, so a search ends when its page is
/// full, however common its words are. Searches have readers of their own: history never waits for them.
/// </summary>
internal sealed class SqliteSearchStore(SqliteWriter writer, SqliteReaders searchers, SqliteReaders readers) : ISearchStore
{
    private const string ReadMine =
        "select conversation_id from participants where tenant_id = $1 and user_id = $2 and left_seq is null";

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

    private const string Match =
        """
        select d.document, d.tenant_id, d.conversation_id, d.seq
        from search_words w
        cross join search_documents d on d.document = w.rowid
        where w.search_words match $1 and w.rowid < $2 and w.rowid >= $3
        order by w.rowid desc
        """;

    private const string ReadFound =
        "select c.kind, c.title, " + MessageSql.Columns +
        """

        from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        join messages m on m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq = $4
        """ + MessageSql.Joins +
        """

        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
            and m.kind = 1 and m.deleted_at is null
            and ($5 is null or m.author_id in (select value from json_each($5)))
            and ($6 = 0 or m.seq > p.read_seq and m.author_id <> $3)
            and ($7 = 0 or m.author_id <> $3 and (
                json_extract(m.mentions, '$.all') = 1
                or exists (select 1 from json_each(m.mentions, '$.users') named where named.value = $3)
                or exists (select 1 from json_each(m.mentions, '$.here') named where named.value = $3)))
        """;

    private const string ReadBehindOfAll =
        """
        select c.tenant_id, c.conversation_id
        from conversations c
        left join search_progress s on s.tenant_id = c.tenant_id and s.conversation_id = c.conversation_id
        where (c.tenant_id, c.conversation_id) > ($1, $2) and c.rev > coalesce(s.rev, 0)
        order by c.tenant_id, c.conversation_id
        limit $3
        """;

    private const string RecentMessages = "select stored_at, tenant_id, conversation_id from messages order by rowid desc";
    private const string RecentChanges = "select stored_at, tenant_id, conversation_id from changes order by rowid desc";

    private const string ReadState =
        """
        select c.rev, coalesce(s.rev, 0), coalesce(s.seq, 0)
        from conversations c
        left join search_progress s on s.tenant_id = c.tenant_id and s.conversation_id = c.conversation_id
        where c.tenant_id = $1 and c.conversation_id = $2
        """;

    private const string IndexedColumns = "select seq, author_id, created_at, text, kind = 1 and deleted_at is null, mentions from messages ";

    private const string ReadPosted = IndexedColumns +
        "where tenant_id = $1 and conversation_id = $2 and seq > $3 and rev > $4 and rev <= $5 order by seq";

    private const string ReadChangedSince = IndexedColumns +
        """
        where tenant_id = $1 and conversation_id = $2 and seq in (
            select message_seq from changes
            where tenant_id = $1 and conversation_id = $2 and rev > $3 and rev <= $4
        """ + $" and kind in ('{StoredChange.Edited}', '{StoredChange.Deleted}'))";

    public Task<SearchPage> SearchAsync(
        TenantId tenant, UserId searcher, SearchFilter filter, long? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISearchStore.PageMax);
        return searchers.ReadAsync(session => Search(session, tenant, searcher, filter, after, limit), cancellationToken);
    }

    public Task<BehindPage> ReadBehindAsync(DateTimeOffset? since, ConversationKey? after, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => since is { } time ? ReadBehindSince(session, time) : ReadBehindOf(session, after), cancellationToken);

    public async Task<IndexedChanges?> IndexAsync(IReadOnlyList<ConversationKey> conversations, int revsMax, CancellationToken cancellationToken)
    {
        var (spans, entries, result) = await readers.ReadAsync(session => ReadLog(session, conversations, revsMax), cancellationToken).ConfigureAwait(false);
        if (!spans.IsEmpty)
        {
            await writer.WriteAsync(new SqliteIndexing(spans, entries), cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private static SearchPage Search(SqliteSession session, TenantId tenant, UserId searcher, SearchFilter filter, long? after, int limit)
    {
        var places = Places(session, tenant, searcher, filter);
        var found = ImmutableArray.CreateBuilder<FoundMessage>();
        if (places.Count == 0)
        {
            return new SearchPage { Messages = [] };
        }

        var clauses = new IndexTerms(tenant).Clauses(filter, searcher, places.Count <= SearchScope.NamedMax ? places : null);
        var below = Math.Min(after ?? long.MaxValue, filter.Before is { } before ? DocumentNumber.First(before) : long.MaxValue);
        var from = filter.NotBefore is { } notBefore ? DocumentNumber.First(notBefore) : 0;
        var authors = filter.From.IsEmpty ? null : JsonSerializer.Serialize(filter.From.Select(user => user.Value));
        using var documents = session.Query(Match, Expression(clauses), below, from);
        var (began, last) = (Stopwatch.GetTimestamp(), below);
        for (var candidates = 0; documents.Read(); candidates++)
        {
            if (candidates == ISearchStore.CandidatesMax || candidates > 0 && Stopwatch.GetElapsedTime(began) > ISearchStore.TimeMax)
            {
                return new SearchPage { Messages = found.DrainToImmutable(), Next = last };
            }

            var conversation = documents.Conversation(2);
            if (documents.GetString(1) == tenant.Value && places.Contains(conversation)
                && Read(session, tenant, searcher, conversation, documents.GetInt64(3), authors, filter) is { } message)
            {
                if (found.Count == limit)
                {
                    return new SearchPage { Messages = found.DrainToImmutable(), Next = last };
                }

                found.Add(message);
            }

            last = documents.GetInt64(0);
        }

        return new SearchPage { Messages = found.DrainToImmutable() };
    }

    private static FoundMessage? Read(
        SqliteSession session, TenantId tenant, UserId searcher, ConversationId conversation, long seq, string? authors, SearchFilter filter)
    {
        using var reader = session.Query(ReadFound, tenant.Value, conversation.Value, searcher.Value, seq, authors,
            filter.Marks.HasFlag(SearchMarks.IsUnread) ? 1L : 0L, filter.Marks.HasFlag(SearchMarks.IsMentioned) ? 1L : 0L);
        return reader.Read() && reader.Message(2) is var message && filter.Accepts(message.Text)
            ? new FoundMessage { ConversationId = conversation, Kind = (ConversationKind)reader.GetInt32(0), Title = reader.OptionalText(1), Message = message }
            : null;
    }

    /// <summary>The searcher's conversations, as far as the filter lets them.</summary>
    private static HashSet<ConversationId> Places(SqliteSession session, TenantId tenant, UserId searcher, SearchFilter filter)
    {
        var places = ConversationsOf(session, tenant, searcher);
        if (!filter.In.IsEmpty)
        {
            List<(ConversationId, string?)> titles = [];
            using var reader = session.Query(ReadTitles, tenant.Value, searcher.Value);
            while (reader.Read())
            {
                titles.Add((reader.Conversation(0), reader.OptionalText(1)));
            }

            places.IntersectWith(SearchScope.Named(filter.In, titles));
        }

        foreach (var people in filter.With)
        {
            places.IntersectWith([.. people.SelectMany(user => ConversationsOf(session, tenant, user))]);
        }

        return places;
    }

    private static HashSet<ConversationId> ConversationsOf(SqliteSession session, TenantId tenant, UserId user)
    {
        var conversations = new HashSet<ConversationId>();
        using var reader = session.Query(ReadMine, tenant.Value, user.Value);
        while (reader.Read())
        {
            conversations.Add(reader.Conversation(0));
        }

        return conversations;
    }

    /// <summary>Every term is a literal of FTS5: between quotation marks, with those in it doubled.</summary>
    private static string Expression(ImmutableArray<ImmutableArray<SearchToken>> clauses) =>
        string.Join(" AND ", clauses.Select(any => $"({string.Join(" OR ", any.Select(Literal))})"));

    private static string Literal(SearchToken token) => $"\"{token.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{(token.Prefix ? " *" : "")}";

    private static BehindPage ReadBehindOf(SqliteSession session, ConversationKey? after)
    {
        var keys = ImmutableArray.CreateBuilder<ConversationKey>();
        using var reader = session.Query(
            ReadBehindOfAll, after?.TenantId.Value ?? "", after?.ConversationId.Value ?? "", (long)BehindPage.PageMax);
        while (reader.Read())
        {
            keys.Add(Key(reader, 0));
        }

        return new BehindPage { At = StoredTime.FromMicroseconds(session.Number(SqliteEngine.LastStored) ?? 0), Conversations = keys.DrainToImmutable() };
    }

    /// <summary>Rows lie in the order of their commits: what was stored since is the end. Commits of one moment are told apart by their progress.</summary>
    private static BehindPage ReadBehindSince(SqliteSession session, DateTimeOffset time)
    {
        var since = StoredTime.ToMicroseconds(time);
        var changed = new HashSet<ConversationKey>();
        foreach (var sql in (ReadOnlySpan<string>)[RecentMessages, RecentChanges])
        {
            using var reader = session.Query(sql);
            while (reader.Read() && reader.GetInt64(0) >= since)
            {
                changed.Add(Key(reader, 1));
            }
        }

        return new BehindPage
        {
            At = StoredTime.FromMicroseconds(session.Number(SqliteEngine.LastStored) ?? 0),
            Conversations =
            [
                .. changed.Where(key => State(session, key) is { } state && state.Rev < state.HeadRev)
                    .OrderBy(key => key.TenantId.Value, StringComparer.Ordinal).ThenBy(key => key.ConversationId.Value, StringComparer.Ordinal),
            ],
        };
    }

    private static (ImmutableArray<IndexSpan> Spans, List<IndexEntry> Entries, IndexedChanges Result) ReadLog(
        SqliteSession session, IReadOnlyList<ConversationKey> conversations, int revsMax)
    {
        var states = conversations.Select(key => State(session, key) ?? new IndexState(key, 0, 0, 0)).ToArray();
        var (spans, result) = IndexSpan.Allot(states, revsMax);
        var entries = new Dictionary<(ConversationKey, long), IndexEntry>();
        foreach (var span in spans)
        {
            var (tenant, conversation) = (span.Key.TenantId.Value, span.Key.ConversationId.Value);
            using var posted = session.Query(ReadPosted, tenant, conversation, span.AboveSeq, span.AboveRev, span.ToRev);
            Take(posted, span.Key);
            using var changed = session.Query(ReadChangedSince, tenant, conversation, span.AboveRev, span.ToRev);
            Take(changed, span.Key);
        }

        return (spans, [.. entries.Values.OrderBy(entry => entry.Time)], result);

        void Take(SqliteDataReader reader, ConversationKey key)
        {
            while (reader.Read())
            {
                var seq = reader.GetInt64(0);
                entries[(key, seq)] = IndexEntry.Of(
                    key, seq, reader.User(1), reader.Time(2), reader.GetString(3), reader.GetInt64(4) == 1, reader.OptionalText(5));
            }
        }
    }

    private static IndexState? State(SqliteSession session, ConversationKey key)
    {
        using var reader = session.Query(ReadState, key.TenantId.Value, key.ConversationId.Value);
        return reader.Read() ? new IndexState(key, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : null;
    }

    private static ConversationKey Key(SqliteDataReader reader, int column) =>
        new(new TenantId { Value = reader.GetString(column) }, reader.Conversation(column + 1));
}
