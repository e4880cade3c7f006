namespace OrleansChat.Grains.MessageLog;

/// <summary>What both stores are asked for retention; the statements are the same in both. Messages of people have the kind 1; those that can expire are in an index of their own.</summary>
internal static class RetentionSql
{
    internal const string Tenants = "select tenant_id from tenants where tenant_id > $1 order by tenant_id limit $2";

    internal const string Kept =
        """
        select conversation_id, coalesce(retention_days, $2) from conversations
        where tenant_id = $1 and not legal_hold and coalesce(retention_days, $2) is not null and conversation_id > $3
        order by conversation_id limit $4
        """;

    internal const string Read = "select retention_days, legal_hold from conversations where tenant_id = $1 and conversation_id = $2";

    internal const string Set = "update conversations set retention_days = $3, legal_hold = $4 where tenant_id = $1 and conversation_id = $2";

    internal const string Expired =
        """
        select seq from messages
        where tenant_id = $1 and conversation_id = $2 and created_at < $3 and kind = 1 and deleted_at is null order by created_at, seq limit $4
        """;

    internal const string CountExpired =
        """
        select count(*) from messages
        where tenant_id = $1 and conversation_id = $2 and created_at < $3 and kind = 1 and deleted_at is null
        """;

    internal const string IsAnythingExpired =
        """
        select exists (
            select 1 from messages where tenant_id = $1 and conversation_id = $2 and created_at < $3 and kind = 1 and deleted_at is null)
        or exists (
            select 1 from message_versions v
            join messages m on m.tenant_id = v.tenant_id and m.conversation_id = v.conversation_id and m.seq = v.seq
            where v.tenant_id = $1 and v.conversation_id = $2 and m.created_at < $3 and m.deleted_at is not null)
        """;

    internal const string DropVersions =
        """
        delete from message_versions where tenant_id = $1 and conversation_id = $2 and exists (
            select 1 from messages m
            where m.tenant_id = $1 and m.conversation_id = $2 and m.seq = message_versions.seq and m.created_at < $3 and m.deleted_at is not null)
        """;
}
