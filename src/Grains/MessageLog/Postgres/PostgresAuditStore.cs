using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>The audit in a PostgreSQL database.</summary>
internal sealed class PostgresAuditStore(PostgresReaders readers) : IAuditStore
{
    private const string Columns = "id, at, actor_id, action, conversation_id, details";

    private const string ReadPage =
        $"""
        select {Columns} from audit
        where tenant_id = $1 and ($2 is null or (at, id) < (select b.at, b.id from audit b where b.tenant_id = $1 and b.id = $2))
        order by at desc, id desc limit $3
        """;

    private const string Find = $"select {Columns} from audit where tenant_id = $1 and id = $2";

    // Repeating it changes nothing, so it may run where reads run.
    private static readonly string Add = PostgresAudit.Rows(2) + " on conflict do nothing";

    public Task<ImmutableArray<AuditRecord>> ReadPageAsync(TenantId tenant, Guid? before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadPage,
            static async (reader, token) =>
            {
                var entries = ImmutableArray.CreateBuilder<AuditRecord>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    entries.Add(reader.AuditRecord());
                }

                return entries.DrainToImmutable();
            },
            cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenant.Value },
            new NpgsqlParameter { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new NpgsqlParameter<int> { TypedValue = limit });

    public Task<AuditRecord?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            Find,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.AuditRecord() : null,
            cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenant.Value },
            new NpgsqlParameter<Guid> { TypedValue = id });

    public Task AddAsync(TenantId tenant, AuditRecord entry, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            Add,
            static (_, _) => Task.FromResult(true),
            cancellationToken,
            [new NpgsqlParameter<string> { TypedValue = tenant.Value }, .. PostgresAudit.Parameters([entry])]);
}
