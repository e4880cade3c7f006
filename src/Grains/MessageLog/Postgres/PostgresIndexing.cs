using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using static OrleansChat.Grains.MessageLog.Postgres.PostgresSearchStore;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// Writes the search index, one chunk in one transaction under a lock that all processes on the database share: where it is held
/// nobody else is at work, and what a process believed before it had the lock is read again.
/// </summary>
internal sealed class PostgresIndexing(PostgresConnections connections)
{
    // The bytes of "chat" and "indx".
    private const string TryLock = "select pg_try_advisory_xact_lock(1667785076, 1768842360)";

    private const string ReadStates =
        """
        select c.tenant_id, c.conversation_id, c.rev, coalesce(s.rev, 0), coalesce(s.seq, 0)
        from unnest($1::text[], $2::text[]) with ordinality as k(tenant_id, conversation_id, place)
        join conversations c on c.tenant_id = k.tenant_id and c.conversation_id = k.conversation_id
        left join search_progress s on s.tenant_id = c.tenant_id and s.conversation_id = c.conversation_id
        order by k.place
        """;

    private const string ReadLog =
        """
        select k.tenant_id, k.conversation_id, l.*
        from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) as k(tenant_id, conversation_id, rev, seq, to_rev)
        cross join lateral (
            select m.seq, m.author_id, m.created_at, m.text, m.kind = 1 and m.deleted_at is null, m.mentions::text, m.rev > k.rev and m.rev <= k.to_rev as posted
            from messages m
            where m.tenant_id = k.tenant_id and m.conversation_id = k.conversation_id and m.seq > k.seq and m.rev > k.rev and m.rev <= k.to_rev
            union all
            select m.seq, m.author_id, m.created_at, m.text, m.kind = 1 and m.deleted_at is null, m.mentions::text, false
            from changes g
            join messages m on m.tenant_id = g.tenant_id and m.conversation_id = g.conversation_id and m.seq = g.message_seq
            where g.tenant_id = k.tenant_id and g.conversation_id = k.conversation_id and g.rev > k.rev and g.rev <= k.to_rev
        """ + $" and g.kind in ('{StoredChange.Edited}', '{StoredChange.Deleted}')) l";

    private const string ReadDocuments =
        """
        select d.document,
            (select max(o.document) from search_documents o where o.tenant_id = k.tenant_id and o.document between k.first and k.last)
        from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) with ordinality as k(tenant_id, conversation_id, seq, first, last, place)
        left join search_documents d on d.tenant_id = k.tenant_id and d.conversation_id = k.conversation_id and d.seq = k.seq
        order by k.place
        """;

    private const string Remove =
        """
        delete from search_documents d
        using unnest($1::text[], $2::text[], $3::bigint[]) as k(tenant_id, conversation_id, seq)
        where d.tenant_id = k.tenant_id and d.conversation_id = k.conversation_id and d.seq = k.seq
        """;

    // Terms as they are: nothing of them is read as a syntax.
    private const string Write =
        """
        insert into search_documents (tenant_id, document, conversation_id, seq, words)
        select k.tenant_id, k.document, k.conversation_id, k.seq, array_to_tsvector(string_to_array(k.terms, ' '))
        from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[]) as k(tenant_id, document, conversation_id, seq, terms)
        on conflict (tenant_id, conversation_id, seq) do update set words = excluded.words
        """;

    private const string Advance =
        """
        insert into search_progress (tenant_id, conversation_id, rev, seq)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
        on conflict (tenant_id, conversation_id) do update set rev = excluded.rev, seq = excluded.seq
        """;

    /// <inheritdoc cref="ISearchStore.IndexAsync" />
    internal async Task<IndexedChanges?> IndexAsync(
        IReadOnlyList<ConversationKey> conversations, int revsMax, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await connections.Writers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = transaction.ConfigureAwait(false);
            if (!(await connection.ReadAsync(TryLock, reader => reader.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0])
            {
                return null;
            }

            var result = await IndexAsync(connection, conversations, revsMax, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (Exception exception) when (PostgresErrors.IsOfTheServer(exception))
        {
            throw new StoreUnavailableException("The database did not take a piece of the search index.", exception);
        }
    }

    private static async Task<IndexedChanges> IndexAsync(
        NpgsqlConnection connection, IReadOnlyList<ConversationKey> conversations, int revsMax, CancellationToken cancellationToken)
    {
        var states = await connection.ReadAsync(
            ReadStates,
            reader => new IndexState(Key(reader), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
            cancellationToken,
            Texts(conversations.Select(key => key.TenantId.Value)),
            Texts(conversations.Select(key => key.ConversationId.Value))).ConfigureAwait(false);
        var (spans, result) = IndexSpan.Allot(states, revsMax);
        if (spans.IsEmpty)
        {
            return result;
        }

        var rows = await connection.ReadAsync(
            ReadLog,
            reader => (Key: Key(reader), Entry: Entry(reader), Posted: reader.GetBoolean(8)),
            cancellationToken,
            Texts(spans.Select(span => span.Key.TenantId.Value)),
            Texts(spans.Select(span => span.Key.ConversationId.Value)),
            Numbers(spans.Select(span => span.AboveRev)),
            Numbers(spans.Select(span => span.AboveSeq)),
            Numbers(spans.Select(span => span.ToRev))).ConfigureAwait(false);
        IndexEntry[] entries = [.. rows.Select(row => row.Entry).DistinctBy(entry => (entry.TenantId, entry.ConversationId, entry.Seq)).OrderBy(entry => entry.Time).ThenBy(entry => entry.Seq)];
        await WriteAsync(connection, entries, cancellationToken).ConfigureAwait(false);

        var seqs = rows.Where(row => row.Posted).GroupBy(row => row.Key).ToDictionary(group => group.Key, group => group.Max(row => row.Entry.Seq));
        await ExecuteAsync(
            connection,
            Advance,
            cancellationToken,
            Texts(spans.Select(span => span.Key.TenantId.Value)),
            Texts(spans.Select(span => span.Key.ConversationId.Value)),
            Numbers(spans.Select(span => span.ToRev)),
            Numbers(spans.Select(span => seqs.GetValueOrDefault(span.Key, span.AboveSeq)))).ConfigureAwait(false);
        return result;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, IndexEntry[] entries, CancellationToken cancellationToken)
    {
        var removed = entries.Where(entry => entry.Terms is null).ToArray();
        if (removed.Length > 0)
        {
            await ExecuteAsync(
                connection,
                Remove,
                cancellationToken,
                Texts(removed.Select(entry => entry.TenantId.Value)),
                Texts(removed.Select(entry => entry.ConversationId.Value)),
                Numbers(removed.Select(entry => entry.Seq))).ConfigureAwait(false);
        }

        var kept = entries.Where(entry => entry.Terms is not null).ToArray();
        if (kept.Length > 0)
        {
            var documents = await NumberAsync(connection, kept, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(
                connection,
                Write,
                cancellationToken,
                Texts(kept.Select(entry => entry.TenantId.Value)),
                Numbers(documents),
                Texts(kept.Select(entry => entry.ConversationId.Value)),
                Numbers(kept.Select(entry => entry.Seq)),
                Texts(kept.Select(entry => entry.Terms!))).ConfigureAwait(false);
        }
    }

    /// <summary>The numbers that messages have, or get.</summary>
    private static async Task<IEnumerable<long>> NumberAsync(NpgsqlConnection connection, IndexEntry[] entries, CancellationToken cancellationToken)
    {
        var firsts = entries.Select(entry => DocumentNumber.First(entry.Time)).ToArray();
        var stored = await connection.ReadAsync(
            ReadDocuments,
            reader => (Known: reader.IsDBNull(0) ? default(long?) : reader.GetInt64(0), Last: reader.IsDBNull(1) ? default(long?) : reader.GetInt64(1)),
            cancellationToken,
            Texts(entries.Select(entry => entry.TenantId.Value)),
            Texts(entries.Select(entry => entry.ConversationId.Value)),
            Numbers(entries.Select(entry => entry.Seq)),
            Numbers(firsts),
            Numbers(firsts.Select(DocumentNumber.Last))).ConfigureAwait(false);
        var numbers = new DocumentNumbers();
        return entries.Select((entry, i) => stored[i].Known ?? numbers.Next(entry.TenantId, entry.Time, (_, _) => stored[i].Last)).ToArray();
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IndexEntry Entry(NpgsqlDataReader reader) => IndexEntry.Of(
        Key(reader), reader.GetInt64(2), reader.User(3), reader.Time(4), reader.GetString(5), reader.GetBoolean(6), reader.OptionalText(7));

    private static ConversationKey Key(NpgsqlDataReader reader) =>
        new(new TenantId { Value = reader.GetString(0) }, new ConversationId { Value = reader.GetString(1) });

    private static NpgsqlParameter Numbers(IEnumerable<long> values) => Value(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.ToArray());
}
