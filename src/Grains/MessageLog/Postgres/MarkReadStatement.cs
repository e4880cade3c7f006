using Npgsql;
using NpgsqlTypes;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Moves many people's read cursors up in one commit and counts what is left above each, in the same snapshot.</summary>
internal sealed class MarkReadStatement : PostgresStatement<PostgresMarkRead, UnreadBasis?>
{
    private const string Sql =
        """
        with marks as materialized (
            select * from unnest($1, $2, $3, $4) with ordinality as k(tenant_id, conversation_id, user_id, up_to, mark)
        ),
        moved as (
            update participants p set read_seq = least(k.up_to, c.seq), read_version = p.read_version + 1
            from marks k
            join conversations c on c.tenant_id = k.tenant_id and c.conversation_id = k.conversation_id
            where p.tenant_id = k.tenant_id and p.conversation_id = k.conversation_id and p.user_id = k.user_id
                and p.left_seq is null and p.read_seq < least(k.up_to, c.seq)
            returning k.mark, p.read_seq, p.read_version
        ),
        cursors as materialized (
            select k.mark, k.up_to, p.tenant_id, p.conversation_id, p.user_id, p.muted_from, p.muted_until, c.kind, c.rev, c.seq,
                coalesce((select v.read_seq from moved v where v.mark = k.mark), p.read_seq) as read_seq,
                coalesce((select v.read_version from moved v where v.mark = k.mark), p.read_version) as read_version
            from marks k
            join participants p on p.tenant_id = k.tenant_id and p.conversation_id = k.conversation_id and p.user_id = k.user_id
                and p.left_seq is null
            join conversations c on c.tenant_id = k.tenant_id and c.conversation_id = k.conversation_id
        )
        select p.mark, p.read_seq, n.unread, case when p.kind = 1 then n.unread else n.mentions end, p.rev, p.read_version,
            p.read_seq < least(p.up_to, p.seq), p.muted_from, p.muted_until
        from cursors p
        cross join lateral (
            select count(*) as unread, count(*) filter (where 
        """ + UnreadSql.Mentions +
        """
        ) as mentions
            from messages m
            where m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq > p.read_seq and
        """ + UnreadSql.Counts + ") n";

    private readonly List<string> _tenants;
    private readonly List<string> _conversations;
    private readonly List<string> _users;
    private readonly List<long> _upTos;

    internal MarkReadStatement(NpgsqlConnection connection)
        : base(connection, Sql)
    {
        _tenants = Column<string>(NpgsqlDbType.Text);
        _conversations = Column<string>(NpgsqlDbType.Text);
        _users = Column<string>(NpgsqlDbType.Text);
        _upTos = Column<long>(NpgsqlDbType.Bigint);
    }

    private protected override void Fill(PostgresMarkRead work, int index)
    {
        _tenants.Add(work.Key.TenantId.Value);
        _conversations.Add(work.Key.ConversationId.Value);
        _users.Add(work.Key.UserId.Value);
        _upTos.Add(work.UpToSeq);
    }

    private protected override async Task<UnreadBasis?[]> ReadAsync(IReadOnlyList<PostgresMarkRead> works, NpgsqlDataReader reader)
    {
        var answers = new UnreadBasis?[works.Count];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var index = (int)reader.GetInt64(0) - 1;
            works[index].Raced = reader.GetBoolean(6);
            answers[index] = new UnreadBasis
            {
                ReadSeq = reader.GetInt64(1),
                Unread = reader.GetInt64(2),
                Mentions = reader.GetInt64(3),
                Rev = reader.GetInt64(4),
                ReadVersion = reader.GetInt64(5),
                MutedFrom = reader.OptionalTime(7),
                MutedUntil = reader.OptionalTime(8),
            };
        }

        return answers;
    }
}
