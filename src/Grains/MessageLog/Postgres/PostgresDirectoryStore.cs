using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Tenants and people in a PostgreSQL database.</summary>
internal sealed class PostgresDirectoryStore(PostgresReaders readers) : IDirectoryStore
{
    private const string ReadPeople = "select user_id, name, role, active from users where tenant_id = $1";
    private const string AnyTenant = "select exists (select 1 from tenants)";

    private const string ReadTenant =
        """
        select people_version, policy_version, agent_permissions, supervisor_permissions, admin_permissions, owner_permissions,
            provision_unknown, edit_window_seconds, show_versions, retention_days, frame_origins
        from tenants where tenant_id = $1
        """;

    private const string ReadVersions = "select tenant_id, people_version, policy_version from tenants where tenant_id = any($1)";

    // Repeating these changes nothing that counts (a version that moved is not met twice), so they may run where reads run.
    // The tenant's row is written first: whoever else changes people waits for it, and sees the version that it then has.
    private const string AddPeople =
        """
        with tenant as (
            insert into tenants (tenant_id, people_version) values ($1, 1)
            on conflict (tenant_id) do update set people_version = tenants.people_version + 1
        ),
        added as (
            insert into users (tenant_id, user_id, name, role, active)
            select $1, p.user_id, p.name, p.role, p.active from unnest($2, $3, $4, $5) as p(user_id, name, role, active)
            on conflict do nothing
            returning 1
        )
        select count(*) from added
        """;

    private static readonly string PutPeople =
        $"""
        with tenant as (
            insert into tenants (tenant_id, people_version) values ($1, 1)
            on conflict (tenant_id) do update set people_version = tenants.people_version + 1 where tenants.people_version = $2
            returning 1
        ),
        put as (
            insert into users (tenant_id, user_id, name, role, active)
            select $1, p.user_id, p.name, p.role, p.active from unnest($3, $4, $5, $6) as p(user_id, name, role, active)
            where exists (select 1 from tenant)
            on conflict (tenant_id, user_id) do update set name = excluded.name, role = excluded.role, active = excluded.active
        ),
        audited as ({PostgresAudit.Rows(7)} where exists (select 1 from tenant))
        select count(*) from tenant
        """;

    private static readonly string SetPolicy =
        $"""
        with tenant as (
            insert into tenants (tenant_id, policy_version, agent_permissions, supervisor_permissions, admin_permissions, owner_permissions,
                provision_unknown, edit_window_seconds, show_versions, retention_days, frame_origins)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (tenant_id) do update set policy_version = excluded.policy_version,
                agent_permissions = excluded.agent_permissions, supervisor_permissions = excluded.supervisor_permissions,
                admin_permissions = excluded.admin_permissions, owner_permissions = excluded.owner_permissions,
                provision_unknown = excluded.provision_unknown, edit_window_seconds = excluded.edit_window_seconds,
                show_versions = excluded.show_versions, retention_days = excluded.retention_days,
                frame_origins = excluded.frame_origins
            where tenants.policy_version = excluded.policy_version - 1
            returning 1
        ),
        audited as ({PostgresAudit.Rows(12)} where exists (select 1 from tenant))
        select count(*) from tenant
        """;

    public Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(ReadPeople, ReadAsync, cancellationToken, Text(tenant.Value));

    public Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return readers.ReadAsync(
            AddPeople,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? (int)reader.GetInt64(0) : 0,
            cancellationToken,
            [Text(tenant.Value), .. Parameters(people)]);
    }

    public Task<bool> AnyTenantAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(
            AnyTenant,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) && reader.GetBoolean(0),
            cancellationToken);

    public Task<StoredTenant?> ReadTenantAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadTenant,
            async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? Tenant(reader, tenant) : null,
            cancellationToken,
            Text(tenant.Value));

    public Task<ImmutableArray<TenantVersions>> ReadVersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ReadVersions,
            static async (reader, token) =>
            {
                var versions = ImmutableArray.CreateBuilder<TenantVersions>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    versions.Add(new TenantVersions
                    {
                        TenantId = new TenantId { Value = reader.GetString(0) },
                        People = reader.GetInt64(1),
                        Policy = reader.GetInt64(2),
                    });
                }

                return versions.DrainToImmutable();
            },
            cancellationToken,
            new NpgsqlParameter<string[]> { TypedValue = [.. tenants.Select(tenant => tenant.Value)] });

    public Task<bool> PutPeopleAsync(
        TenantId tenant, IReadOnlyCollection<Person> people, long expected, IReadOnlyCollection<AuditRecord> audit, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return readers.ReadAsync(
            PutPeople,
            WasWrittenAsync,
            cancellationToken,
            [Text(tenant.Value), Number(expected), .. Parameters(people), .. PostgresAudit.Parameters(audit)]);
    }

    public Task<bool> SetPolicyAsync(TenantId tenant, TenantPolicy policy, AuditRecord audit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            SetPolicy,
            WasWrittenAsync,
            cancellationToken,
            [
                Text(tenant.Value),
                Number(policy.Version),
                Number((long?)policy.Agent),
                Number((long?)policy.Supervisor),
                Number((long?)policy.Admin),
                Number((long?)policy.Owner),
                new NpgsqlParameter<bool> { TypedValue = policy.ProvisionUnknown },
                Number((long?)policy.EditWindow?.TotalSeconds),
                new NpgsqlParameter<bool> { TypedValue = policy.ShowVersions },
                Number(policy.RetentionDays),
                Text(policy.FrameOrigins.ToString()),
                .. PostgresAudit.Parameters([audit]),
            ]);

    private static async Task<bool> WasWrittenAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.GetInt64(0) == 1;

    private static StoredTenant Tenant(NpgsqlDataReader reader, TenantId tenant)
    {
        return new StoredTenant
        {
            Versions = new TenantVersions { TenantId = tenant, People = reader.GetInt64(0), Policy = reader.GetInt64(1) },
            Policy = new TenantPolicy
            {
                Version = reader.GetInt64(1),
                Agent = (ChatPermissions?)Number(2),
                Supervisor = (ChatPermissions?)Number(3),
                Admin = (ChatPermissions?)Number(4),
                Owner = (ChatPermissions?)Number(5),
                ProvisionUnknown = reader.GetBoolean(6),
                EditWindow = Number(7) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                ShowVersions = reader.GetBoolean(8),
                RetentionDays = (int?)Number(9),
                FrameOrigins = FrameOrigins.Parse(reader.GetString(10)),
            },
        };

        long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter Number(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    /// <summary>People as four arrays: ids, names, roles, whether active.</summary>
    private static NpgsqlParameter[] Parameters(IReadOnlyCollection<Person> people) =>
    [
        new NpgsqlParameter<string[]> { TypedValue = [.. people.Select(person => person.UserId.Value)] },
        new NpgsqlParameter<string[]> { TypedValue = [.. people.Select(person => person.Name)] },
        new NpgsqlParameter<short[]> { TypedValue = [.. people.Select(person => (short)person.Role)] },
        new NpgsqlParameter<bool[]> { TypedValue = [.. people.Select(person => person.Active)] },
    ];

    private static async Task<ImmutableArray<Person>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var people = ImmutableArray.CreateBuilder<Person>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            people.Add(new Person
            {
                UserId = reader.User(0),
                Name = reader.GetString(1),
                Role = (Role)reader.GetInt16(2),
                Active = reader.GetBoolean(3),
            });
        }

        return people.DrainToImmutable();
    }
}
