using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Tenants and people in a SQLite file.</summary>
internal sealed class SqliteDirectoryStore(SqliteWriter writer, SqliteReaders readers) : IDirectoryStore
{
    private const string ReadPeople = "select user_id, name, role, active from users where tenant_id = $1";
    private const string AnyTenant = "select exists (select 1 from tenants)";

    private const string ReadTenant =
        """
        select people_version, policy_version, agent_permissions, supervisor_permissions, admin_permissions, owner_permissions,
            provision_unknown, edit_window_seconds, show_versions, retention_days, frame_origins
        from tenants where tenant_id = $1
        """;

    private const string ReadVersions = "select people_version, policy_version from tenants where tenant_id = $1";

    public Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session, tenant), cancellationToken);

    public Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return writer.WriteAsync(new SqliteAddPeople(tenant, people), cancellationToken);
    }

    public Task<bool> AnyTenantAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static session => session.Number(AnyTenant) == 1, cancellationToken);

    public Task<StoredTenant?> ReadTenantAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                using var reader = session.Query(ReadTenant, tenant.Value);
                return reader.Read() ? Tenant(reader, tenant) : null;
            },
            cancellationToken);

    public Task<ImmutableArray<TenantVersions>> ReadVersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var versions = ImmutableArray.CreateBuilder<TenantVersions>();
                foreach (var tenant in tenants)
                {
                    using var reader = session.Query(ReadVersions, tenant.Value);
                    if (reader.Read())
                    {
                        versions.Add(new TenantVersions { TenantId = tenant, People = reader.GetInt64(0), Policy = reader.GetInt64(1) });
                    }
                }

                return versions.DrainToImmutable();
            },
            cancellationToken);

    public Task<bool> PutPeopleAsync(
        TenantId tenant, IReadOnlyCollection<Person> people, long expected, IReadOnlyCollection<AuditRecord> audit, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return writer.WriteAsync(new SqlitePutPeople(tenant, people, expected, audit), cancellationToken);
    }

    public Task<bool> SetPolicyAsync(TenantId tenant, TenantPolicy policy, AuditRecord audit, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteSetPolicy(tenant, policy, audit), cancellationToken);

    private static StoredTenant Tenant(SqliteDataReader reader, TenantId tenant)
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
                ProvisionUnknown = reader.GetInt64(6) != 0,
                EditWindow = Number(7) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                ShowVersions = reader.GetInt64(8) != 0,
                RetentionDays = (int?)Number(9),
                FrameOrigins = FrameOrigins.Parse(reader.GetString(10)),
            },
        };

        long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    private static ImmutableArray<Person> Read(SqliteSession session, TenantId tenant)
    {
        var people = ImmutableArray.CreateBuilder<Person>();
        using var reader = session.Query(ReadPeople, tenant.Value);
        while (reader.Read())
        {
            people.Add(new Person
            {
                UserId = reader.User(0),
                Name = reader.GetString(1),
                Role = (Role)reader.GetInt32(2),
                Active = reader.GetInt64(3) != 0,
            });
        }

        return people.DrainToImmutable();
    }

    private sealed class SqliteAddPeople(TenantId tenant, IReadOnlyCollection<Person> people) : SqliteWork<int>
    {
        private const string AddTenant =
            """
            insert into tenants (tenant_id, created_at, people_version) values ($1, $2, 1)
            on conflict (tenant_id) do update set people_version = people_version + 1
            """;

        private const string AddPerson =
            """
            insert into users (tenant_id, user_id, name, role, active, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict do nothing
            """;

        private protected override (int Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            session.Execute(AddTenant, tenant.Value, storedAt);
            var added = 0;
            foreach (var person in people)
            {
                added += session.Execute(AddPerson, tenant.Value, person.UserId.Value, person.Name, (long)person.Role, person.Active ? 1L : 0L, storedAt);
            }

            return (added, true);
        }
    }

    private sealed class SqlitePutPeople(
        TenantId tenant, IReadOnlyCollection<Person> people, long expected, IReadOnlyCollection<AuditRecord> audit) : SqliteWork<bool>
    {
        private const string MoveVersion =
            """
            insert into tenants (tenant_id, created_at, people_version) values ($1, $2, 1)
            on conflict (tenant_id) do update set people_version = people_version + 1 where people_version = $3
            """;

        private const string PutPerson =
            """
            insert into users (tenant_id, user_id, name, role, active, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (tenant_id, user_id) do update set name = excluded.name, role = excluded.role, active = excluded.active
            """;

        private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            if (session.Execute(MoveVersion, tenant.Value, storedAt, expected) == 0)
            {
                return (false, false);
            }

            foreach (var person in people)
            {
                session.Execute(PutPerson, tenant.Value, person.UserId.Value, person.Name, (long)person.Role, person.Active ? 1L : 0L, storedAt);
            }

            foreach (var entry in audit)
            {
                SqliteAudit.Add(session, tenant, entry);
            }

            return (true, true);
        }
    }

    private sealed class SqliteSetPolicy(TenantId tenant, TenantPolicy policy, AuditRecord audit) : SqliteWork<bool>
    {
        private const string SetPolicy =
            """
            insert into tenants (tenant_id, created_at, policy_version, agent_permissions, supervisor_permissions, admin_permissions,
                owner_permissions, provision_unknown, edit_window_seconds, show_versions, retention_days, frame_origins)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (tenant_id) do update set policy_version = excluded.policy_version,
                agent_permissions = excluded.agent_permissions, supervisor_permissions = excluded.supervisor_permissions,
                admin_permissions = excluded.admin_permissions, owner_permissions = excluded.owner_permissions,
                provision_unknown = excluded.provision_unknown, edit_window_seconds = excluded.edit_window_seconds,
                show_versions = excluded.show_versions, retention_days = excluded.retention_days,
                frame_origins = excluded.frame_origins
            where policy_version = excluded.policy_version - 1
            """;

        private protected override (bool Answer, bool Keep) Run(SqliteSession session, long storedAt)
        {
            var written = session.Execute(
                SetPolicy,
                tenant.Value,
                storedAt,
                policy.Version,
                (long?)policy.Agent,
                (long?)policy.Supervisor,
                (long?)policy.Admin,
                (long?)policy.Owner,
                policy.ProvisionUnknown ? 1L : 0L,
                (long?)policy.EditWindow?.TotalSeconds,
                policy.ShowVersions ? 1L : 0L,
                (long?)policy.RetentionDays,
                policy.FrameOrigins.ToString()) == 1;
            if (written)
            {
                SqliteAudit.Add(session, tenant, audit);
            }

            return (written, written);
        }
    }
}
