namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>How messages are selected, for every statement that reads them whole (<see cref="SqliteRows.Message"/>).</summary>
internal static class MessageSql
{
    /// <summary>Of a message <c>m</c> with the joins of <see cref="Joins"/>; reactions as a viewer <c>$3</c> sees them.</summary>
    internal const string Columns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, m.text, m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, m.mentions, q.seq, q.author_id, w.name, substr(q.text, 1, 200), q.deleted_at is not null,
            case when m.reacted then (
                select json_group_array(json_object('e', x.emoji, 'n', x.n, 'm', x.mine, 'u', json(x.users)))
                from (
                    select r.emoji, count(*) as n, max(r.user_id = $3) as mine, (
                        select json_group_array(f.user_id) from (
                            select user_id from reactions f
                            where f.tenant_id = $1 and f.conversation_id = m.conversation_id and f.seq = m.seq and f.emoji = r.emoji
                            order by f.rev
                            limit 20) f) as users
                    from reactions r
                    where r.tenant_id = $1 and r.conversation_id = m.conversation_id and r.seq = m.seq
                    group by r.emoji
                    order by r.emoji) x) end
        """;

    /// <summary>The same of a message as the log tells it again: whom it mentioned when it was posted, and no reactions.</summary>
    internal const string PostedColumns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, m.text, m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, coalesce(m.first_mentions, m.mentions),
            q.seq, q.author_id, w.name, substr(q.text, 1, 200), q.deleted_at is not null, null
        """;

    /// <summary>The same of a message as the chat list shows it: its text cut, and neither quote nor reactions.</summary>
    internal const string PreviewColumns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, substr(m.text, 1, 200), m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, m.mentions, null, null, null, null, null, null
        """;

    /// <summary>The author, and the message that <c>m</c> answers.</summary>
    internal const string Joins =
        """

        left join users u on u.tenant_id = $1 and u.user_id = m.author_id
        left join messages q on q.tenant_id = $1 and q.conversation_id = m.conversation_id and q.seq = m.reply_to_seq
        left join users w on w.tenant_id = $1 and w.user_id = q.author_id
        """;
}
