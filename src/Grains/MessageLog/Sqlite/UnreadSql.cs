namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Which messages count as unread and which of them mention somebody (rules U1, U2, C8), for every statement that counts them.</summary>
internal static class UnreadSql
{
    /// <summary>For a message <c>m</c> and the membership <c>p</c>: others' texts that were not deleted, and the fact that the person was added.</summary>
    internal const string Counts =
        """
        (m.kind = 1 and m.author_id <> p.user_id and m.deleted_at is null
            or m.kind = 2 and json_extract(m.fact, '$.kind') = 'added'
                and exists (select 1 from json_each(m.fact, '$.targets') target where target.value = p.user_id))
        """;

    /// <summary>Of a message that counts: all in direct conversations; elsewhere by name, or by a wide mention that was not muted when it was posted.</summary>
    internal const string Mentions =
        """
        (c.kind = 1 or m.kind = 2 or m.mentions is not null and (
            exists (select 1 from json_each(m.mentions, '$.users') named where named.value = p.user_id)
            or (json_extract(m.mentions, '$.all') is not null
                    or exists (select 1 from json_each(m.mentions, '$.here') online where online.value = p.user_id))
                and (p.muted_from <= m.created_at and (p.muted_until is null or m.created_at < p.muted_until)) is not true))
        """;
}
