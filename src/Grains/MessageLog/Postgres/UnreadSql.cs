namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Which messages count as unread and which of them mention somebody (rules U1, U2, C8), for every statement that counts them.</summary>
internal static class UnreadSql
{
    /// <summary>For a message <c>m</c> and the membership <c>p</c>: others' texts that were not deleted, and the fact that the person was added.</summary>
    internal const string Counts =
        """
        (m.kind = 1 and m.author_id <> p.user_id and m.deleted_at is null
            or m.kind = 2 and m.fact ->> 'kind' = 'added' and m.fact -> 'targets' ? p.user_id)
        """;

    /// <summary>Of a message that counts, outside direct conversations: by name, or by a wide mention that was not muted when it was posted.</summary>
    internal const string Mentions =
        """
        (m.kind = 2 or m.mentions is not null and (m.mentions -> 'users' ? p.user_id
            or (m.mentions ? 'all' or coalesce(m.mentions -> 'here' ? p.user_id, false))
                and (p.muted_from <= m.created_at and (p.muted_until is null or m.created_at < p.muted_until)) is not true))
        """;
}
