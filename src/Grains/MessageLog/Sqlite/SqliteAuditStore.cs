using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>The audit in a SQLite file.</summary>
internal sealed class SqliteAuditStore(SqliteWriter writer, SqliteReaders readers) : IAuditStore
{
    private const string Columns = "id, at, actor_id, action, conversation_id, details";

    private const string ReadPage =
        $"""
        select {Columns} from audit
        where tenant_id = $1 and ($2 is null or (at, id) < (select b.at, b.id from audit b where b.tenant_id = $1 and b.id = $2))
        order by at desc, id desc limit $3
        """;

    private const string Find = $"select {Columns} from audit where tenant_id = $1 and id = $2";

    public Task<ImmutableArray<AuditRecord>> ReadPageAsync(TenantId tenant, Guid? before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var entries = ImmutableArray.CreateBuilder<AuditRecord>();
                using var reader = session.Query(ReadPage, tenant.Value, before is { } id ? SqliteRows.Bytes(id) : null, (long)limit);
                while (reader.Read())
                {
                    entries.Add(reader.AuditRecord());
                }

                return entries.DrainToImmutable();
            },
            cancellationToken);

    public Task<AuditRecord?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                using var reader = session.Query(Find, tenant.Value, SqliteRows.Bytes(id));
                return reader.Read() ? reader.AuditRecord() : null;
            },
            cancellationToken);

    public Task AddAsync(TenantId tenant, AuditRecord entry, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteAddEntry(tenant, entry), cancellationToken);

    private sealed class SqliteAddEntry(TenantId tenant, AuditRecord entry) : SqliteWork<bool>
    {
        private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            SqliteAudit.Add(session, tenant, entry);
            return (true, true);
        }
    }
}
