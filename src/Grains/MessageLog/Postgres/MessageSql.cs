namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>How messages are selected, for every statement that reads them whole (<see cref="PostgresRows.Message"/>).</summary>
internal static class MessageSql
{
    /// <summary>Of a message <c>m</c> with the joins of <see cref="Joins"/>; reactions as a viewer <c>$3</c> sees them.</summary>
    internal const string Columns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, m.text, m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, m.mentions, q.seq, q.author_id, q.name, q.text, q.deleted,
            case when m.reacted then (
                select jsonb_agg(jsonb_build_object('e', x.emoji, 'n', x.n, 'm', x.mine, 'u', to_jsonb(x.users)) order by x.emoji)
                from (
                    select r.emoji, count(*) as n, bool_or(r.user_id = $3) as mine, (array_agg(r.user_id order by r.rev))[1:20] as users
                    from reactions r
                    where r.tenant_id = $1 and r.conversation_id = m.conversation_id and r.seq = m.seq
                    group by r.emoji) x) end
        """;

    /// <summary>The same of a message as the log tells it again: whom it mentioned when it was posted, and no reactions.</summary>
    internal const string PostedColumns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, m.text, m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, coalesce(m.first_mentions, m.mentions), q.seq, q.author_id, q.name, q.text, q.deleted, null::jsonb
        """;

    /// <summary>The same of a message as the chat list shows it: its text cut, and neither quote nor reactions.</summary>
    internal const string PreviewColumns =
        """
        m.seq, m.rev, m.kind, m.author_id, u.name, m.client_id, left(m.text, 200), m.fact, m.created_at,
            m.version, m.edited_at, m.deleted_at, m.mentions, null::bigint, null::text, null::text, null::text, null::boolean, null::jsonb
        """;

    /// <summary>
    /// The author, and the message that <c>m</c> answers. A limit keeps each a lookup by key for every row, whatever the
    /// planner believes about sizes: a page is small and the tables are large.
    /// </summary>
    internal const string Joins =
        """

        left join lateral (
            select v.name from users v where v.tenant_id = $1 and v.user_id = m.author_id limit 1) u on true
        left join lateral (
            select o.seq, o.author_id, left(o.text, 200) as text, o.deleted_at is not null as deleted,
                (select w.name from users w where w.tenant_id = $1 and w.user_id = o.author_id) as name
            from messages o
            where m.reply_to_seq is not null and o.tenant_id = $1 and o.conversation_id = m.conversation_id and o.seq = m.reply_to_seq
            limit 1) q on true
        """;
}
