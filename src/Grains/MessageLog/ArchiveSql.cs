namespace OrleansChat.Grains.MessageLog;

/// <summary>What both stores are asked for archives; the statements are the same in both.</summary>
internal static class ArchiveSql
{
    internal const string Columns = "conversation_id, kind, title, rev, seq, created_by, created_at, retention_days, legal_hold";

    internal const string Conversation = $"select {Columns} from conversations where tenant_id = $1 and conversation_id = $2";

    internal const string NextConversation = $"select {Columns} from conversations where tenant_id = $1 and conversation_id > $2 order by conversation_id limit 1";

    internal const string FormerTitles = "select title from former_titles where tenant_id = $1 and conversation_id = $2 order by rev";

    internal const string Memberships =
        """
        select user_id, joined_seq, joined_rev, left_seq, left_rev from participants where tenant_id = $1 and conversation_id = $2
        order by joined_rev, user_id
        """;

    /// <summary>One more than the page, to know whether there is one.</summary>
    internal const string Messages =
        """
        select seq, rev, kind, author_id, client_id, text, fact, created_at, version, edited_at, deleted_at, deleted_by, mentions, reply_to_seq
        from messages where tenant_id = $1 and conversation_id = $2 and seq > $3 order by seq limit $4 + 1
        """;

    internal const string Versions =
        """
        select seq, version, text, mentions, written_at from message_versions
        where tenant_id = $1 and conversation_id = $2 and seq >= $3 and seq <= $4 order by seq, version
        """;

    internal const string Changes =
        """
        select rev, kind, at, message_seq, author_id, payload from changes
        where tenant_id = $1 and conversation_id = $2 and rev > $3 order by rev limit $4 + 1
        """;
}
