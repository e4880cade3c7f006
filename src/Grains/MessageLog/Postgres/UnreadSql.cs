namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Which messages count as unread (rules U1, C8), for every statement that counts them.</summary>
internal static class UnreadSql
{
    /// <summary>For a message <c>m</c> and the person <c>p.user_id</c>: others' texts, and the fact that the person was added.</summary>
    internal const string Counts =
        """
        (m.kind = 1 and m.author_id <> p.user_id
            or m.kind = 2 and m.fact ->> 'kind' = 'added' and m.fact -> 'targets' ? p.user_id)
        """;
}
