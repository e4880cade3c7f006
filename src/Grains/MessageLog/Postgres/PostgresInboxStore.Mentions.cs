using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Mentions, and who and what can be found by name.</summary>
internal sealed partial class PostgresInboxStore
{
    private const string ListMentions =
        """
        select m.conversation_id, c.kind, c.title, m.seq > p.read_seq, x.done_at is not null, 
        """ + MessageSql.PreviewColumns +
        """

        from mentions x
        join participants p on p.tenant_id = $1 and p.conversation_id = x.conversation_id and p.user_id = $2 and p.left_seq is null
        join conversations c on c.tenant_id = $1 and c.conversation_id = x.conversation_id
        join messages m on m.tenant_id = $1 and m.conversation_id = x.conversation_id and m.seq = x.seq
        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        where x.tenant_id = $1 and x.user_id = $2
            and (not $3 or m.seq > p.read_seq and x.done_at is null)
            and ($4::timestamptz is null or (m.created_at, m.conversation_id, m.seq) < ($4, $5, $6))
        order by m.created_at desc, m.conversation_id desc, m.seq desc
        limit $7
        """;

    private const string MarkDone =
        """
        with marked as (
            update mentions x set done_at = $5
            where x.tenant_id = $1 and x.user_id = $2 and x.conversation_id = $3 and x.seq = $4 and exists (
                select 1 from participants p
                where p.tenant_id = $1 and p.conversation_id = $3 and p.user_id = $2 and p.left_seq is null)
            returning 1
        )
        select exists (select 1 from marked)
        """;

    private const string ReadNames =
        """
        with shared as materialized (
            select distinct conversation_id from participants where tenant_id = $1 and user_id = any($3) and left_seq is null
        )
        select p.conversation_id, c.title, c.seq > p.read_seq, s.conversation_id is not null, peer.name,
            array(
                select f.title from former_titles f
                where f.tenant_id = $1 and f.conversation_id = p.conversation_id
                order by f.rev desc)
        from participants p
        join conversations c on c.tenant_id = $1 and c.conversation_id = p.conversation_id
        left join shared s on s.conversation_id = p.conversation_id
        left join lateral (
            select other.name
            from participants o
            join users other on other.tenant_id = $1 and other.user_id = o.user_id
            where c.kind = 1 and o.tenant_id = $1 and o.conversation_id = c.conversation_id
            order by o.user_id = $2, o.left_seq is not null
            limit 1) peer on true
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
        order by c.last_activity_at desc, p.conversation_id
        limit $4
        """;

    private const string ReadMembers =
        """
        select u.user_id, u.name, u.role, r.seq
        from participants p
        join users u on u.tenant_id = $1 and u.user_id = p.user_id and u.active
        left join (
            select m.author_id, max(m.seq) as seq
            from conversations c
            join messages m on m.tenant_id = $1 and m.conversation_id = $3 and m.seq > c.seq - $4 and m.kind = 1
            where c.tenant_id = $1 and c.conversation_id = $3
            group by m.author_id) r on r.author_id = p.user_id
        where p.tenant_id = $1 and p.conversation_id = $3 and p.left_seq is null and exists (
            select 1 from participants me
            where me.tenant_id = $1 and me.conversation_id = $3 and me.user_id = $2 and me.left_seq is null)
        """;

    private const string ReadDirect =
        """
        select p.conversation_id
        from participants p
        join conversations c on c.tenant_id = $1 and c.conversation_id = p.conversation_id
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null and c.kind = 1
        order by c.last_activity_at desc, p.conversation_id
        limit $3
        """;

    public async Task<MentionsPage> ListMentionsAsync(
        TenantId tenant, UserId user, MentionPosition? after, int limit, bool unreadOnly, CancellationToken cancellationToken)
    {
        var rows = await readers.ReadAsync(
            ListMentions,
            ReadMentionsAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Boolean, unreadOnly),
            Value(NpgsqlDbType.TimestampTz, after is null ? null : PostgresRows.Utc(after.Time)),
            Value(NpgsqlDbType.Text, after?.ConversationId.Value),
            Value(NpgsqlDbType.Bigint, after?.Seq),
            Value(NpgsqlDbType.Integer, limit + 1)).ConfigureAwait(false);
        return InboxPaging.Cut(rows, limit);
    }

    public Task<bool> MarkMentionDoneAsync(
        TenantId tenant, UserId user, ConversationId conversation, long seq, DateTimeOffset? doneAt, CancellationToken cancellationToken) => WriteAsync(
            MarkDone,
            ReadFlagAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Bigint, seq),
            Time(doneAt));

    public Task<ImmutableArray<NamedConversation>> ReadNamesAsync(
        TenantId tenant, UserId user, IReadOnlyCollection<UserId> people, int limit, CancellationToken cancellationToken) => readers.ReadAsync(
            ReadNames,
            ReadNamedAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Texts(people.Select(person => person.Value)),
            Value(NpgsqlDbType.Integer, limit));

    public async Task<MentionablesRead?> ReadMentionablesAsync(
        TenantId tenant, UserId user, ConversationId conversation, CancellationToken cancellationToken)
    {
        var members = await readers.ReadAsync(
            ReadMembers,
            ReadMentionableMembersAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Integer, MentionablesRead.RecentMessages)).ConfigureAwait(false);
        if (members.IsEmpty)
        {
            return null;
        }

        var direct = await readers.ReadAsync(
            ReadDirect,
            ReadConversationsAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Integer, MentionablesRead.DirectPeersMax)).ConfigureAwait(false);
        return new MentionablesRead(members, InboxPaging.Peers(direct, user));
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) => Value(NpgsqlDbType.TimestampTz, time is { } at ? PostgresRows.Utc(at) : null);

    private static async Task<ImmutableArray<MentionRow>> ReadMentionsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<MentionRow>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(new MentionRow
            {
                ConversationId = new ConversationId { Value = reader.GetString(0) },
                Kind = (ConversationKind)reader.GetInt16(1),
                Title = reader.OptionalText(2),
                Unread = reader.GetBoolean(3),
                Done = reader.GetBoolean(4),
                Message = reader.Message(5),
            });
        }

        return rows.DrainToImmutable();
    }

    private static async Task<ImmutableArray<NamedConversation>> ReadNamedAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var names = ImmutableArray.CreateBuilder<NamedConversation>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            names.Add(new NamedConversation
            {
                ConversationId = new ConversationId { Value = reader.GetString(0) },
                Title = reader.OptionalText(1),
                AboveCursor = reader.GetBoolean(2),
                HasOneOf = reader.GetBoolean(3),
                PeerName = reader.OptionalText(4),
                FormerTitles = [.. reader.GetFieldValue<string[]>(5)],
            });
        }

        return names.DrainToImmutable();
    }

    private static async Task<ImmutableArray<MentionableMember>> ReadMentionableMembersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var members = ImmutableArray.CreateBuilder<MentionableMember>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            members.Add(new MentionableMember(
                reader.User(0), reader.GetString(1), (Role)reader.GetInt16(2), reader.IsDBNull(3) ? null : reader.GetInt64(3)));
        }

        return members.DrainToImmutable();
    }
}
