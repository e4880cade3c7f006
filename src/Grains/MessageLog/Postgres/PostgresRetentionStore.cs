using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Retention in a PostgreSQL database.</summary>
internal sealed class PostgresRetentionStore(PostgresReaders readers) : IRetentionStore
{
    // Repeating these changes nothing, so they may run where reads run.
    private static readonly string Set =
        $"""
        with audited as ({PostgresAudit.Rows(5)} on conflict do nothing)
        {RetentionSql.Set}
        """;

    private const string DropVersions = $"with dropped as ({RetentionSql.DropVersions} returning 1) select count(*) from dropped";

    public Task<ImmutableArray<TenantId>> ReadTenantsAsync(TenantId? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            RetentionSql.Tenants,
            static reader => new TenantId { Value = reader.GetString(0) },
            cancellationToken,
            Text(after?.Value ?? string.Empty),
            Number(limit));

    public Task<ImmutableArray<KeptConversation>> ReadKeptAsync(
        TenantId tenant, int? tenantDays, ConversationId? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            RetentionSql.Kept,
            static reader => new KeptConversation(new ConversationId { Value = reader.GetString(0) }, (int)reader.GetInt64(1)),
            cancellationToken,
            Text(tenant.Value),
            Number(tenantDays),
            Text(after?.Value ?? string.Empty),
            Number(limit));

    public Task<ConversationRetention?> ReadAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            RetentionSql.Read,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
                ? new ConversationRetention { Days = reader.IsDBNull(0) ? null : (int)reader.GetInt64(0), LegalHold = reader.GetBoolean(1) }
                : null,
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value));

    public Task SetAsync(
        TenantId tenant, ConversationId conversation, ConversationRetention retention, AuditRecord audit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            Set,
            static (_, _) => Task.FromResult(true),
            cancellationToken,
            [
                Text(tenant.Value), Text(conversation.Value), Number(retention.Days), new NpgsqlParameter<bool> { TypedValue = retention.LegalHold },
                .. PostgresAudit.Parameters([audit]),
            ]);

    public Task<ImmutableArray<long>> ReadExpiredAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            RetentionSql.Expired,
            static reader => reader.GetInt64(0),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Time(cutoff),
            Number(limit));

    public async Task<bool> IsAnythingExpiredAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        (await ListAsync(
            RetentionSql.IsAnythingExpired,
            static reader => reader.GetBoolean(0),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Time(cutoff)).ConfigureAwait(false))[0];

    public async Task<long> CountExpiredAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        (await ListAsync(
            RetentionSql.CountExpired,
            static reader => reader.GetInt64(0),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Time(cutoff)).ConfigureAwait(false))[0];

    public async Task<int> DropVersionsAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        (await ListAsync(
            DropVersions,
            static reader => (int)reader.GetInt64(0),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Time(cutoff)).ConfigureAwait(false))[0];

    private Task<ImmutableArray<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        readers.ReadAsync(
            sql,
            async (reader, token) =>
            {
                var rows = ImmutableArray.CreateBuilder<T>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    rows.Add(row(reader));
                }

                return rows.DrainToImmutable();
            },
            cancellationToken,
            parameters);

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter Number(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<DateTime> Time(DateTimeOffset time) => new() { TypedValue = PostgresRows.Utc(time) };
}
