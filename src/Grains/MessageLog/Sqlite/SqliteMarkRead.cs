using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Moves one read cursor up and counts what is left above it.</summary>
internal sealed class SqliteMarkRead(
    TenantId tenant, UserId user, ConversationId conversation, long upToSeq, MessageLogInstruments instruments) : SqliteWork<UnreadBasis?>
{
    private const string MoveCursor =
        """
        update participants as p set read_seq = min($4, c.seq), read_version = p.read_version + 1
        from conversations c
        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
            and c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
            and p.read_seq < min($4, c.seq)
        """;

    private const string ReadBasis =
        """
        select p.read_seq, count(m.seq), count(m.seq) filter (where 
        """ + UnreadSql.Mentions +
        """
        ), c.rev, p.read_version, p.muted_from, p.muted_until
        from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        left join messages m on m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq > p.read_seq and 
        """ + UnreadSql.Counts +
        """

        where p.tenant_id = $1 and p.conversation_id = $2 and p.user_id = $3 and p.left_seq is null
        group by p.conversation_id
        """;

    private protected override (UnreadBasis? Answer, bool Keep) Run(SqliteSession session, long storedAt)
    {
        var moved = session.Execute(MoveCursor, tenant.Value, conversation.Value, user.Value, upToSeq) == 1;
        using var reader = session.Query(ReadBasis, tenant.Value, conversation.Value, user.Value);
        if (!reader.Read())
        {
            return (null, false);
        }

        var basis = new UnreadBasis
        {
            ReadSeq = reader.GetInt64(0),
            Unread = reader.GetInt64(1),
            Mentions = reader.GetInt64(2),
            Rev = reader.GetInt64(3),
            ReadVersion = reader.GetInt64(4),
            MutedFrom = reader.OptionalTime(5),
            MutedUntil = reader.OptionalTime(6),
        };
        return (basis, moved);
    }

    private protected override void OnAnswered(UnreadBasis? answer) => instruments.OnMarkedRead();
}
