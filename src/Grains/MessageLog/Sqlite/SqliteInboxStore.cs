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
    // The user's conversations, as light as they can be: an index and the heads. What is shown is read for the page only.
    private const string Mine =
        """
        from participants o indexed by participants_of_user
            cross join conversation_heads h on h.number = o.conversation_number
            where o.tenant_id = $1 and o.user_id = $2 and o.left_seq is null
        """;

    private const string AmongThese = " and o.conversation_id in (select value from json_each($7))";

    // Those with something above the cursor, and the block that each can hope for: whether a message mentions is asked of the few
    // that may. In a direct conversation whatever counts does.
    private const string HopedFor =
        $"""
        with hoped as materialized (
            select o.conversation_id, o.user_id, o.read_seq, h.last_activity_at, case
                when h.kind = 1 or exists (
                    select 1
                    from messages m indexed by messages_that_may_mention
                    cross join participants p indexed by participants_current
                    cross join conversations c
                    where m.tenant_id = $1 and m.conversation_id = o.conversation_id and m.seq > o.read_seq
                        and (m.mentions is not null or m.kind = 2)
                        and p.tenant_id = $1 and p.conversation_id = o.conversation_id and p.user_id = $2 and p.left_seq is null
                        and c.tenant_id = $1 and c.conversation_id = o.conversation_id
                        and {UnreadSql.Counts} and {UnreadSql.Mentions}) then 0
                else 1 end as block
            {Mine} and h.seq > o.read_seq
        """;

    // For the order it is enough that anything counts; without that a conversation is one of the rest.
    private const string Block =
        $"""
        case when exists (
                    select 1 from messages m
                    where m.tenant_id = $1 and m.conversation_id = p.conversation_id and m.seq > p.read_seq and {UnreadSql.Counts}) then p.block
                else 2 end as block
        """;

    private const string IsAfter =
        "($3 is null or block > $3 or block = $3 and (last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5))";

    // No conversation comes before its hope. So the best of these make the page if enough of them come true; only if not, the
    // others are looked at too, and only then the rest.
    private const string Weighed =
        $"""

        ),
        best as materialized (
            select p.conversation_id, p.last_activity_at, {Block}
            from (
                select * from hoped
                where {IsAfter}
                order by block, last_activity_at desc, conversation_id
                limit 2 * $6) p
        ),
        others as materialized (
            select p.conversation_id, p.last_activity_at, {Block}
            from hoped p
            where (select count(*) from best where block < 2) < $6
                and ($3 is null or $3 < 2 or p.last_activity_at <= $4)
                and p.conversation_id not in (select conversation_id from best)
        ),
        rest as (
            select o.conversation_id, h.last_activity_at, 2 as block
            {Mine} and h.seq <= o.read_seq
                and (select count(*) from (select * from best union all select * from others) where block < 2 and {IsAfter}) < $6
                and ($3 is null or $3 < 2 or h.last_activity_at < $4 or h.last_activity_at = $4 and o.conversation_id > $5)
        """;

    private const string Page =
        $"""

            order by h.last_activity_at desc, o.conversation_id
            limit $6
        ),
        page as (
            select * from (select * from best union all select * from others union all select * from rest)
            where {IsAfter}
            order by block, last_activity_at desc, conversation_id
            limit $6
        )
        """;

    private const string CountUnread =
        $"""
        select count(*) from messages m
                where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq > p.read_seq and {UnreadSql.Counts}
        """;

    // Null in a direct conversation, where all that is unread mentions.
    private const string CountMentions =
        $"""
        select count(*) from messages m indexed by messages_that_may_mention
                where m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq > p.read_seq
                    and (m.mentions is not null or m.kind = 2) and {UnreadSql.Counts} and {UnreadSql.Mentions}
        """;

    private const string RowColumns =
        $"""

        select r.conversation_id, c.kind, c.title, c.rev, c.seq, c.last_activity_at, p.read_seq,
            case when c.seq > p.read_seq then ({CountUnread}) else 0 end,
            case when c.kind = 1 then null when c.seq > p.read_seq then ({CountMentions}) else 0 end,
            p.read_version, p.muted_from, p.muted_until, p.level, {PeerName},
            {MessageSql.PreviewColumns}
        """;

    // The other person of a direct conversation; with oneself, oneself.
    private const string PeerName =
        """
        case when c.kind = 1 then coalesce(
                (select peer.name from participants o not indexed
                    cross join users peer on peer.tenant_id = $1 and peer.user_id = o.user_id
                    where o.tenant_id = $1 and o.conversation_id = c.conversation_id and o.user_id <> $2
                    limit 1),
                (select me.name from users me where me.tenant_id = $1 and me.user_id = $2)) end
        """;

    private const string RowJoins =
        """

        cross join participants p indexed by participants_current
            on p.tenant_id = $1 and p.conversation_id = r.conversation_id and p.user_id = $2 and p.left_seq is null
        cross join conversations c on c.tenant_id = $1 and c.conversation_id = r.conversation_id
        left join messages m on m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq = c.last_message_seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        """;

    private const string PageRows = RowColumns + " from page r " + RowJoins + " order by r.block, r.last_activity_at desc, r.conversation_id";

    private const string ListRows = HopedFor + Weighed + Page + PageRows;

    private const string ListRowsAmong = HopedFor + AmongThese + Weighed + AmongThese + Page + PageRows;

    private const string NamedRows = RowColumns + " from (select distinct value as conversation_id from json_each($3)) r " + RowJoins;

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
                ? ReadRows(session, user, ListRows, values)
                : ReadRows(session, user, ListRowsAmong, [.. values, Json(among.Select(conversation => conversation.Value))]),
            cancellationToken).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public async Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var ids = Json(conversations.Select(conversation => conversation.Value));
        return await readers.ReadAsync(
            session => ReadRows(session, user, NamedRows, tenant.Value, user.Value, ids), cancellationToken).ConfigureAwait(false);
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

    private static ImmutableArray<InboxRow> ReadRows(SqliteSession session, UserId user, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = ImmutableArray.CreateBuilder<InboxRow>();
        using var reader = session.Query(sql, values);
        while (reader.Read())
        {
            rows.Add(ReadRow(reader, user));
        }

        return rows.DrainToImmutable();
    }

    private static InboxRow ReadRow(SqliteDataReader reader, UserId user)
    {
        var conversation = reader.Conversation(0);
        var unread = reader.GetInt64(7);
        return new InboxRow
        {
            ConversationId = conversation,
            Kind = (ConversationKind)reader.GetInt32(1),
            Title = reader.OptionalText(2),
            Head = new Head { Rev = reader.GetInt64(3), Seq = reader.GetInt64(4) },
            LastActivity = reader.Time(5),
            Basis = new UnreadBasis
            {
                ReadSeq = reader.GetInt64(6),
                Unread = unread,
                Mentions = reader.IsDBNull(8) ? unread : reader.GetInt64(8),
                Rev = reader.GetInt64(3),
                ReadVersion = reader.GetInt64(9),
                MutedFrom = reader.OptionalTime(10),
                MutedUntil = reader.OptionalTime(11),
            },
            PeerId = conversation.TryGetPair(out var one, out var other) ? (one == user ? other : one) : null,
            Level = StoredLevel.Read(reader.GetInt32(12)),
            PeerName = reader.OptionalText(13),
            LastMessage = reader.IsDBNull(14) ? null : reader.Message(14),
        };
    }

    private static string Json(IEnumerable<string> values) => System.Text.Json.JsonSerializer.Serialize(values);
}
