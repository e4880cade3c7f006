using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Chat lists and read cursors in a PostgreSQL database.</summary>
internal sealed partial class PostgresInboxStore(PostgresMarkWriter writer, PostgresReaders readers) : IInboxStore
{
    // The user's conversations alone, as light as they can be: what is shown is read for the page only.
    private const string Mine =
        """
        with mine as materialized (
            select p.conversation_id, p.user_id, p.read_seq, p.muted_from, p.muted_until, c.kind, c.seq, c.last_activity_at
            from participants p
            join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
            where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        """;

    private const string AmongThese = " and p.conversation_id = any($7)";

    // Those with something above the cursor, and the block that each can hope for: whether a message mentions is asked of the few
    // that may. In a direct conversation whatever counts does.
    private const string HopedFor =
        $"""

        ),
        hoped as materialized (
            select p.conversation_id, p.user_id, p.read_seq, p.last_activity_at, case
                when p.kind = 1 or exists (
                    select 1 from messages m
                    where m.tenant_id = $1 and m.conversation_id = p.conversation_id and m.seq > p.read_seq
                        and (m.mentions is not null or m.kind = 2) and {UnreadSql.Counts} and {UnreadSql.Mentions}) then 0
                else 1 end as block
            from mine p
            where p.seq > p.read_seq
        ),
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
        "($3::int is null or block > $3 or block = $3 and (last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5))";

    // No conversation comes before its hope. So the best of these make the page if enough of them come true; only if not, the
    // others are looked at too, and only then the rest.
    private const string Page =
        $"""

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
                and ($3::int is null or $3 < 2 or p.last_activity_at <= $4)
                and p.conversation_id not in (select conversation_id from best)
        ),
        rest as (
            select conversation_id, last_activity_at, 2 as block
            from mine
            where seq <= read_seq
                and (select count(*) from (select * from best union all select * from others) weighed where block < 2 and {IsAfter}) < $6
                and ($3::int is null or $3 < 2 or last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5)
            order by last_activity_at desc, conversation_id
            limit $6
        ),
        page as (
            select * from (select * from best union all select * from others union all select * from rest) every
            where {IsAfter}
            order by block, last_activity_at desc, conversation_id
            limit $6
        )
        """;

    private const string RowColumns =
        $"""

        select r.conversation_id, c.kind, c.title, c.rev, c.seq, c.last_activity_at, p.read_seq,
            n.unread, case when c.kind = 1 then n.unread else n.mentions end,
            p.read_version, p.muted_from, p.muted_until, p.level, peer.name,
            {MessageSql.PreviewColumns}
        """;

    // A limit keeps each a lookup by key for every row, whatever the planner believes about sizes: a page is small and the tables
    // are large. The other person of a direct conversation; with oneself, oneself.
    private const string RowJoins =
        $"""

        cross join lateral (
            select * from participants
            where tenant_id = $1 and conversation_id = r.conversation_id and user_id = $2 and left_seq is null
            limit 1) p
        cross join lateral (
            select * from conversations where tenant_id = $1 and conversation_id = r.conversation_id limit 1) c
        cross join lateral (
            select count(*) as unread, count(*) filter (where {UnreadSql.Mentions}) as mentions
            from messages m
            where c.seq > p.read_seq
                and m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq > p.read_seq and {UnreadSql.Counts}) n
        left join lateral (
            select * from messages where tenant_id = $1 and conversation_id = r.conversation_id and seq = c.last_message_seq limit 1) m on true
        left join lateral (
            select name from users where tenant_id = $1 and user_id = m.author_id limit 1) u on true
        left join lateral (
            select (select other.name from users other where other.tenant_id = $1 and other.user_id = o.user_id) as name
            from participants o
            where c.kind = 1 and o.tenant_id = $1 and o.conversation_id = r.conversation_id
            order by o.user_id = $2, o.left_seq is not null
            limit 1) peer on true
        """;

    private const string PageRows = RowColumns + " from page r " + RowJoins + " order by r.block, r.last_activity_at desc, r.conversation_id";

    private const string ListRows = Mine + HopedFor + Page + PageRows;

    private const string ListRowsAmong = Mine + AmongThese + HopedFor + Page + PageRows;

    private const string NamedRows = RowColumns + " from (select distinct unnest($3) as conversation_id) r " + RowJoins;

    private const string ReadNewcomers =
        "select user_id from participants where tenant_id = $1 and conversation_id = $2 and left_seq is null and read_seq <= joined_seq";

    public async Task<InboxPage> ListAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId>? among, InboxPosition? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IMessageLog.PageRowsMax);
        var rows = await readers.ReadAsync(
            among is null ? ListRows : ListRowsAmong,
            (reader, token) => ReadRowsAsync(reader, user, token),
            cancellationToken,
            [
                Value(NpgsqlDbType.Text, tenant.Value),
                Value(NpgsqlDbType.Text, user.Value),
                Value(NpgsqlDbType.Integer, after?.Block),
                Value(NpgsqlDbType.TimestampTz, after is null ? null : PostgresRows.Utc(after.LastActivity)),
                Value(NpgsqlDbType.Text, after?.ConversationId.Value),
                Value(NpgsqlDbType.Integer, limit + 1),
                .. among is null ? [] : new[] { Texts(among.Select(conversation => conversation.Value)) },
            ]).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public async Task<ImmutableArray<InboxRow>> ReadAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<ConversationId> conversations, CancellationToken cancellationToken) =>
        conversations.Count == 0 ? [] : await readers.ReadAsync(
            NamedRows,
            (reader, token) => ReadRowsAsync(reader, user, token),
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Texts(conversations.Select(conversation => conversation.Value))).ConfigureAwait(false);

    public async Task<UnreadBasis?> MarkReadAsync(
        TenantId tenant, UserId user, ConversationId conversation, long upToSeq, CancellationToken cancellationToken)
    {
        var key = new MarkKey(tenant, conversation, user);
        while (true)
        {
            var mark = new PostgresMarkRead(key, upToSeq);
            var basis = await writer.WriteAsync(key, mark, cancellationToken).ConfigureAwait(false);
            if (!mark.Raced)
            {
                return basis;
            }
        }
    }

    public Task<ImmutableArray<UserId>> ReadNewcomersAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadNewcomers,
            ReadUsersAsync,
            cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenant.Value },
            new NpgsqlParameter<string> { TypedValue = conversation.Value });

    private static async Task<ImmutableArray<UserId>> ReadUsersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var users = ImmutableArray.CreateBuilder<UserId>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            users.Add(reader.User(0));
        }

        return users.DrainToImmutable();
    }

    private static async Task<ImmutableArray<InboxRow>> ReadRowsAsync(NpgsqlDataReader reader, UserId user, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<InboxRow>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(ReadRow(reader, user));
        }

        return rows.DrainToImmutable();
    }

    private static InboxRow ReadRow(NpgsqlDataReader reader, UserId user)
    {
        var conversation = new ConversationId { Value = reader.GetString(0) };
        return new InboxRow
        {
            ConversationId = conversation,
            Kind = (ConversationKind)reader.GetInt16(1),
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
            PeerId = conversation.TryGetPair(out var one, out var other) ? (one == user ? other : one) : null,
            Level = StoredLevel.Read(reader.GetInt16(12)),
            PeerName = reader.OptionalText(13),
            LastMessage = reader.IsDBNull(14) ? null : reader.Message(14),
        };
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) => Value(NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
