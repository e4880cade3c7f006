using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Chat lists and read cursors in a SQLite file.</summary>
internal sealed partial class SqliteInboxStore(SqliteWriter writer, SqliteReaders readers, MessageLogInstruments instruments) : IInboxStore
{
    // The user's conversations alone, as light as they can be: what is shown is read for the page only.
    private const string Mine =
        """
        with mine as materialized (
            select p.conversation_id, p.read_seq, c.kind, c.seq, c.last_activity_at
            from participants p indexed by participants_of_user
            cross join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
            where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        """;

    private const string MineNamed =
        """
        with mine as materialized (
            select p.conversation_id, p.read_seq, c.kind, c.seq, c.last_activity_at
            from (select distinct value from json_each($3)) named
            cross join participants p indexed by participants_current
                on p.tenant_id = $1 and p.conversation_id = named.value and p.user_id = $2 and p.left_seq is null
            cross join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        """;

    // For the order it is enough that there is something; looked for only where anything is above the cursor, mentions among
    // the few messages that may be one.
    private const string Ranking =
        """

        ),
        ranked as materialized (
            select mine.conversation_id, mine.last_activity_at, case
                when mine.seq <= mine.read_seq then 2
                when mine.kind <> 1 and exists (
                    select 1
                    from messages m indexed by messages_that_may_mention
                    cross join participants p indexed by participants_current
                    cross join conversations c
                    where m.tenant_id = $1 and m.conversation_id = mine.conversation_id and m.seq > mine.read_seq
                        and (m.mentions is not null or m.kind = 2)
                        and p.tenant_id = $1 and p.conversation_id = mine.conversation_id and p.user_id = $2 and p.left_seq is null
                        and c.tenant_id = $1 and c.conversation_id = mine.conversation_id and 
        """ + UnreadSql.Counts + " and " + UnreadSql.Mentions +
        """
        ) then 0
                when exists (
                    select 1
                    from participants p indexed by participants_current
                    cross join messages m on m.tenant_id = $1 and m.conversation_id = mine.conversation_id and m.seq > mine.read_seq
                    where p.tenant_id = $1 and p.conversation_id = mine.conversation_id and p.user_id = $2 and p.left_seq is null and 
        """ + UnreadSql.Counts +
        """
        ) then case when mine.kind = 1 then 0 else 1 end
                else 2 end as block
            from mine
        )
        """;

    private const string CountUnread =
        """
        select count(*) from messages m
                where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq > p.read_seq and 
        """ + UnreadSql.Counts;

    private const string RowColumns =
        """

        select r.conversation_id, c.kind, c.title, c.rev, c.seq, c.last_activity_at, p.read_seq,
            case when r.block = 2 then 0 else (
        """ + CountUnread +
        """
        ) end,
            case when r.block = 0 then (
        """ + CountUnread + " and " + UnreadSql.Mentions +
        """
        ) else 0 end,
            p.read_version, p.muted_from, p.muted_until, p.level,
            
        """ + MessageSql.PreviewColumns;

    private const string RowJoins =
        """

        cross join participants p indexed by participants_current
            on p.tenant_id = $1 and p.conversation_id = r.conversation_id and p.user_id = $2 and p.left_seq is null
        cross join conversations c on c.tenant_id = $1 and c.conversation_id = r.conversation_id
        left join messages m on m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq = c.last_message_seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        order by r.block, r.last_activity_at desc, r.conversation_id
        """;

    private const string Page =
        """
        , page as (
            select * from ranked
            where $3 is null or block > $3
                or block = $3 and (last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5)
            order by block, last_activity_at desc, conversation_id
            limit $6
        )
        """ + RowColumns + " from page r " + RowJoins;

    private const string ListRows = Mine + Ranking + Page;

    private const string ListRowsAmong = Mine + " and p.conversation_id in (select value from json_each($7))" + Ranking + Page;

    private const string NamedRows = MineNamed + Ranking + RowColumns + " from ranked r " + RowJoins;

    private const string ReadName = "select name from users where tenant_id = $1 and user_id = $2";

    private const string ReadNewcomers =
        "select user_id from participants where tenant_id = $1 and conversation_id = $2 and left_seq is null and read_seq <= joined_seq";

    public async Task<InboxPage> ListAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId>? among, InboxPosition? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IMessageLog.PageRowsMax);
        object? block = after?.Block;
        object? lastActivity = after is null ? null : StoredTime.ToMicroseconds(after.LastActivity);
        object?[] values = [tenant.Value, user.Value, block is int number ? (long)number : null, lastActivity, after?.ConversationId.Value, limit + 1L];
        var rows = await readers.ReadAsync(
            session => among is null
                ? ReadRows(session, tenant, user, ListRows, values)
                : ReadRows(session, tenant, user, ListRowsAmong, [.. values, Json(among.Select(conversation => conversation.Value))]),
            cancellationToken).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public async Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var ids = Json(conversations.Select(conversation => conversation.Value));
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
        Level = StoredLevel.Read(reader.GetInt32(12)),
        LastMessage = reader.IsDBNull(13) ? null : reader.Message(13),
    };

    private static string Json(IEnumerable<string> values) => System.Text.Json.JsonSerializer.Serialize(values);
}
