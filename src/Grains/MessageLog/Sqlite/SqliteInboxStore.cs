using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Chat lists and read cursors in a SQLite file.</summary>
internal sealed class SqliteInboxStore(SqliteWriter writer, SqliteReaders readers, MessageLogInstruments instruments) : IInboxStore
{
    private const string RankedRows =
        """
        with mine as (
            select p.conversation_id, p.read_seq, p.read_version, p.muted_from, p.muted_until,
                c.kind, c.title, c.rev, c.seq, c.last_activity_at, c.last_message_seq,
                count(m.seq) as unread,
                count(m.seq) filter (where 
        """ + UnreadSql.Mentions +
        """
        ) as mentions
            from participants p
            join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
            left join messages m on m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq > p.read_seq and 
        """ + UnreadSql.Counts +
        """

            where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        """;

    private const string Ranking =
        """

            group by p.conversation_id
        ),
        ranked as (
            select *, case when mentions > 0 then 0 when unread > 0 then 1 else 2 end as block from mine
        )
        """;

    private const string RowColumns =
        """

        select r.conversation_id, r.kind, r.title, r.rev, r.seq, r.last_activity_at, r.read_seq, r.unread, r.mentions,
            r.read_version, r.muted_from, r.muted_until,
            
        """ + MessageSql.PreviewColumns;

    private const string RowJoins =
        """

        left join messages m on m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq = r.last_message_seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        order by r.block, r.last_activity_at desc, r.conversation_id
        """;

    private const string ListRows = RankedRows + Ranking +
        """
        , page as (
            select * from ranked
            where $3 is null or block > $3
                or block = $3 and (last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5)
            order by block, last_activity_at desc, conversation_id
            limit $6
        )
        """ + RowColumns + " from page r " + RowJoins;

    private const string NamedRows = RankedRows +
        " and p.conversation_id in (select value from json_each($3))" + Ranking + RowColumns + " from ranked r " + RowJoins;

    private const string ReadName = "select name from users where tenant_id = $1 and user_id = $2";

    private const string ReadNewcomers =
        "select user_id from participants where tenant_id = $1 and conversation_id = $2 and left_seq is null and read_seq <= joined_seq";

    public async Task<InboxPage> ListAsync(
        TenantId tenant, UserId user, InboxPosition? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IMessageLog.PageRowsMax);
        object? block = after?.Block;
        object? lastActivity = after is null ? null : StoredTime.ToMicroseconds(after.LastActivity);
        var rows = await readers.ReadAsync(
            session => ReadRows(session, tenant, user, ListRows, tenant.Value, user.Value,
                block is int number ? (long)number : null, lastActivity, after?.ConversationId.Value, limit + 1L),
            cancellationToken).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public async Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var ids = System.Text.Json.JsonSerializer.Serialize(conversations.Select(conversation => conversation.Value));
        return await readers.ReadAsync(
            session => ReadRows(session, tenant, user, NamedRows, tenant.Value, user.Value, ids), cancellationToken).ConfigureAwait(false);
    }

    public Task<UnreadBasis?> MarkReadAsync(
        TenantId tenant, UserId user, ConversationId conversation, long upToSeq, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteMarkRead(tenant, user, conversation, upToSeq, instruments), cancellationToken);

    public Task<ImmutableArray<UserId>> ReadNewcomersAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadUsers(session, tenant, conversation), cancellationToken);

    private static ImmutableArray<UserId> ReadUsers(SqliteSession session, TenantId tenant, ConversationId conversation)
    {
        var users = ImmutableArray.CreateBuilder<UserId>();
        using var reader = session.Query(ReadNewcomers, tenant.Value, conversation.Value);
        while (reader.Read())
        {
            users.Add(reader.User(0));
        }

        return users.DrainToImmutable();
    }

    private static ImmutableArray<InboxRow> ReadRows(
        SqliteSession session, TenantId tenant, UserId user, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = ImmutableArray.CreateBuilder<InboxRow>();
        using var reader = session.Query(sql, values);
        while (reader.Read())
        {
            var row = ReadRow(reader);
            if (row.ConversationId.TryGetPair(out var one, out var other))
            {
                var peer = one == user ? other : one;
                row = row with { PeerId = peer, PeerName = session.Text(ReadName, tenant.Value, peer.Value) };
            }

            rows.Add(row);
        }

        return rows.DrainToImmutable();
    }

    private static InboxRow ReadRow(SqliteDataReader reader) => new()
    {
        ConversationId = reader.Conversation(0),
        Kind = (ConversationKind)reader.GetInt32(1),
        Title = reader.OptionalText(2),
        Head = new Head { Rev = reader.GetInt64(3), Seq = reader.GetInt64(4) },
        LastActivity = reader.Time(5),
        Basis = new UnreadBasis
        {
            ReadSeq = reader.GetInt64(6),
            Unread = reader.GetInt64(7),
            Mentions = reader.GetInt64(8),
            Rev = reader.GetInt64(3),
            ReadVersion = reader.GetInt64(9),
            MutedFrom = reader.OptionalTime(10),
            MutedUntil = reader.OptionalTime(11),
        },
        LastMessage = reader.IsDBNull(12) ? null : reader.Message(12),
    };
}
