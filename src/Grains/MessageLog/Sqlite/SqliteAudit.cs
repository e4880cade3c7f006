using Microsoft.Data.Sqlite;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>How audit entries are written and read, within whatever transaction there is.</summary>
internal static class SqliteAudit
{
    private const string Insert =
        """
        insert into audit (tenant_id, id, at, actor_id, action, conversation_id, details) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing
        """;

    internal static void Add(SqliteSession session, TenantId tenant, AuditRecord entry) => session.Execute(
        Insert,
        tenant.Value,
        SqliteRows.Bytes(entry.Id),
        StoredTime.ToMicroseconds(entry.At),
        entry.ActorId.Value,
        entry.Action,
        entry.ConversationId?.Value,
        entry.Details);

    /// <summary>An entry from six columns in a row: id, at, actor, action, conversation, details.</summary>
    internal static AuditRecord AuditRecord(this SqliteDataReader reader) => new()
    {
        Id = new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true),
        At = reader.Time(1),
        ActorId = reader.User(2),
        Action = reader.GetString(3),
        ConversationId = reader.OptionalText(4) is { } conversation ? new ConversationId { Value = conversation } : null,
        Details = reader.GetString(5),
    };
}
