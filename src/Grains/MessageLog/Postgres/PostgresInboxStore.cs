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
    private const string RankedRows =
        """
        with mine as materialized (
            select p.conversation_id, p.read_seq, p.read_version, p.muted_from, p.muted_until, p.level,
                c.kind, c.title, c.rev, c.seq, c.last_activity_at, c.last_message_seq,
                n.unread, case when c.kind = 1 then n.unread else n.mentions end as mentions
            from participants p
            join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
            cross join lateral (
                select count(*) as unread, count(*) filter (where 
        """ + UnreadSql.Mentions +
        """
        ) as mentions
                from messages m
                where c.seq > p.read_seq
                    and m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq > p.read_seq and
        """ + UnreadSql.Counts +
        """
        ) n
            where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        """;

    private const string Ranking =
        """

        ),
        ranked as (
            select *, case when mentions > 0 then 0 when unread > 0 then 1 else 2 end as block from mine
        )
        """;

    private const string RowColumns =
        """

        select r.conversation_id, r.kind, r.title, r.rev, r.seq, r.last_activity_at, r.read_seq, r.unread, r.mentions,
            r.read_version, r.muted_from, r.muted_until, r.level, peer.name,
            
        """ + MessageSql.PreviewColumns;

    // The other person of a direct conversation; with oneself, oneself.
    private const string RowJoins =
        """

        left join messages m on m.tenant_id = $1 and m.conversation_id = r.conversation_id and m.seq = r.last_message_seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        left join lateral (
            select other.name
            from participants o
            join users other on other.tenant_id = $1 and other.user_id = o.user_id
            where r.kind = 1 and o.tenant_id = $1 and o.conversation_id = r.conversation_id
            order by o.user_id = $2, o.left_seq is not null
            limit 1) peer on true
        order by r.block, r.last_activity_at desc, r.conversation_id
        """;

    private const string Page =
        """
        , page as (
            select * from ranked
            where $3::int is null or block > $3
                or block = $3 and (last_activity_at < $4 or last_activity_at = $4 and conversation_id > $5)
            order by block, last_activity_at desc, conversation_id
            limit $6
        )
        """ + RowColumns + " from page r " + RowJoins;

    private const string ListRows = RankedRows + Ranking + Page;

    private const string ListRowsAmong = RankedRows + " and p.conversation_id = any($7)" + Ranking + Page;

    private const string NamedRows =
        RankedRows + " and p.conversation_id = any($3)" + Ranking + RowColumns + " from ranked r " + RowJoins;

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
