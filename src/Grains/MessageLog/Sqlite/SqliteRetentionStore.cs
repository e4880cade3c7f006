using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Retention in a SQLite file.</summary>
internal sealed class SqliteRetentionStore(SqliteWriter writer, SqliteReaders readers) : IRetentionStore
{
    public Task<ImmutableArray<TenantId>> ReadTenantsAsync(TenantId? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var tenants = ImmutableArray.CreateBuilder<TenantId>();
                using var reader = session.Query(RetentionSql.Tenants, after?.Value ?? string.Empty, (long)limit);
                while (reader.Read())
                {
                    tenants.Add(new TenantId { Value = reader.GetString(0) });
                }

                return tenants.DrainToImmutable();
            },
            cancellationToken);

    public Task<ImmutableArray<KeptConversation>> ReadKeptAsync(
        TenantId tenant, int? tenantDays, ConversationId? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var kept = ImmutableArray.CreateBuilder<KeptConversation>();
                using var reader = session.Query(RetentionSql.Kept, tenant.Value, (long?)tenantDays, after?.Value ?? string.Empty, (long)limit);
                while (reader.Read())
                {
                    kept.Add(new KeptConversation(reader.Conversation(0), reader.GetInt32(1)));
                }

                return kept.DrainToImmutable();
            },
            cancellationToken);

    public Task<ConversationRetention?> ReadAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                using var reader = session.Query(RetentionSql.Read, tenant.Value, conversation.Value);
                return reader.Read()
                    ? new ConversationRetention { Days = reader.IsDBNull(0) ? null : reader.GetInt32(0), LegalHold = reader.GetInt64(1) != 0 }
                    : null;
            },
            cancellationToken);

    public Task SetAsync(
        TenantId tenant, ConversationId conversation, ConversationRetention retention, AuditRecord audit, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteSetRetention(tenant, conversation, retention, audit), cancellationToken);

    public Task<ImmutableArray<long>> ReadExpiredAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var expired = ImmutableArray.CreateBuilder<long>();
                using var reader = session.Query(
                    RetentionSql.Expired, tenant.Value, conversation.Value, StoredTime.ToMicroseconds(cutoff), (long)limit);
                while (reader.Read())
                {
                    expired.Add(reader.GetInt64(0));
                }

                return expired.DrainToImmutable();
            },
            cancellationToken);

    public Task<bool> IsAnythingExpiredAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => session.Number(RetentionSql.IsAnythingExpired, tenant.Value, conversation.Value, StoredTime.ToMicroseconds(cutoff)) == 1,
            cancellationToken);

    public Task<long> CountExpiredAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => session.Number(RetentionSql.CountExpired, tenant.Value, conversation.Value, StoredTime.ToMicroseconds(cutoff)) ?? 0,
            cancellationToken);

    public Task<int> DropVersionsAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteDropVersions(tenant, conversation, cutoff), cancellationToken);

    private sealed class SqliteSetRetention(TenantId tenant, ConversationId conversation, ConversationRetention retention, AuditRecord audit)
        : SqliteWork<bool>
    {
        private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            session.Execute(RetentionSql.Set, tenant.Value, conversation.Value, (long?)retention.Days, retention.LegalHold ? 1L : 0L);
            SqliteAudit.Add(session, tenant, audit);
            return (true, true);
        }
    }

    private sealed class SqliteDropVersions(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff) : SqliteWork<int>
    {
        private protected override (int Answer, bool Keep) Run(SqliteSession session, long storedAt) =>
            (session.Execute(RetentionSql.DropVersions, tenant.Value, conversation.Value, StoredTime.ToMicroseconds(cutoff)), true);
    }
}
