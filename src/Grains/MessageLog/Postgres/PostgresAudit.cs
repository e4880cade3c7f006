using Npgsql;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>How audit entries go into a statement: as six arrays, from whichever parameter on.</summary>
internal static class PostgresAudit
{
    /// <summary>The rows of the entries, for an <c>insert into audit</c> of the tenant $1.</summary>
    /// <param name="first">The number of the first of the six parameters.</param>
    internal static string Rows(int first) =>
        $"""
        insert into audit (tenant_id, id, at, actor_id, action, conversation_id, details)
        select $1, a.id, a.at, a.actor_id, a.action, a.conversation_id, a.details::jsonb
        from unnest(${first}, ${first + 1}, ${first + 2}, ${first + 3}, ${first + 4}, ${first + 5}) as a(id, at, actor_id, action, conversation_id, details)
        """;

    internal static NpgsqlParameter[] Parameters(IReadOnlyCollection<AuditRecord> entries) =>
    [
        new NpgsqlParameter<Guid[]> { TypedValue = [.. entries.Select(entry => entry.Id)] },
        new NpgsqlParameter<DateTime[]> { TypedValue = [.. entries.Select(entry => PostgresRows.Utc(entry.At))] },
        new NpgsqlParameter<string[]> { TypedValue = [.. entries.Select(entry => entry.ActorId.Value)] },
        new NpgsqlParameter<string[]> { TypedValue = [.. entries.Select(entry => entry.Action)] },
        new NpgsqlParameter<string?[]> { TypedValue = [.. entries.Select(entry => entry.ConversationId?.Value)] },
        new NpgsqlParameter<string[]> { TypedValue = [.. entries.Select(entry => entry.Details)] },
    ];

    /// <summary>An entry from six columns in a row: id, at, actor, action, conversation, details.</summary>
    internal static AuditRecord AuditRecord(this NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        At = reader.Time(1),
        ActorId = reader.User(2),
        Action = reader.GetString(3),
        ConversationId = reader.OptionalText(4) is { } conversation ? new Identity.ConversationId { Value = conversation } : null,
        Details = reader.GetString(5),
    };
}
