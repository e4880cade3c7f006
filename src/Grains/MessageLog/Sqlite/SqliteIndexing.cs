using System.Collections.Immutable;
using OrleansChat.Grains.Search;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Writes one chunk of the search index, and how far it reaches. Nothing of it when somebody else was there meanwhile.</summary>
internal sealed class SqliteIndexing(ImmutableArray<IndexSpan> spans, IReadOnlyList<IndexEntry> entries) : SqliteWork<bool>
{
    private const string Advance =
        """
        insert into search_progress (tenant_id, conversation_id, rev, seq)
        select $1, $2, $3, coalesce(max(seq), $5)
        from messages where tenant_id = $1 and conversation_id = $2 and seq > $5 and rev <= $3
        having coalesce((select rev from search_progress where tenant_id = $1 and conversation_id = $2), 0) = $4
        on conflict (tenant_id, conversation_id) do update set rev = excluded.rev, seq = excluded.seq
        """;

    private const string FindDocument =
        "select document from search_documents where tenant_id = $1 and conversation_id = $2 and seq = $3";

    private const string FindLast = "select max(document) from search_documents where document between $1 and $2";

    private const string AddDocument =
        "insert into search_documents (document, tenant_id, conversation_id, seq) values ($1, $2, $3, $4)";

    private const string RemoveDocument = "delete from search_documents where document = $1";
    private const string AddWords = "insert into search_words (rowid, words) values ($1, $2)";
    private const string RemoveWords = "delete from search_words where rowid = $1";

    private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
    {
        foreach (var span in spans)
        {
            if (session.Execute(Advance, span.Key.TenantId.Value, span.Key.ConversationId.Value, span.ToRev, span.AboveRev, span.AboveSeq) == 0)
            {
                return (false, false);
            }
        }

        var numbers = new DocumentNumbers();
        foreach (var entry in entries)
        {
            Write(session, entry, numbers);
        }

        return (true, true);
    }

    private static void Write(SqliteSession session, IndexEntry entry, DocumentNumbers numbers)
    {
        var known = session.Number(FindDocument, entry.TenantId.Value, entry.ConversationId.Value, entry.Seq);
        if (known is not null)
        {
            session.Execute(RemoveWords, known);
        }

        if (entry.Terms is null)
        {
            if (known is not null)
            {
                session.Execute(RemoveDocument, known);
            }

            return;
        }

        var number = known ?? numbers.Next(default, entry.Time, (first, last) => session.Number(FindLast, first, last));
        if (known is null)
        {
            session.Execute(AddDocument, number, entry.TenantId.Value, entry.ConversationId.Value, entry.Seq);
        }

        session.Execute(AddWords, number, entry.Terms);
    }
}
