using System.Collections.Immutable;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Tenants and people in a SQLite file.</summary>
internal sealed class SqliteDirectoryStore(SqliteWriter writer, SqliteReaders readers) : IDirectoryStore
{
    private const string ReadPeople = "select user_id, name, role, active from users where tenant_id = $1";
    private const string AnyTenant = "select exists (select 1 from tenants)";

    public Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session, tenant), cancellationToken);

    public Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return writer.WriteAsync(new SqliteAddPeople(tenant, people), cancellationToken);
    }

    public Task<bool> AnyTenantAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(static session => session.Number(AnyTenant) == 1, cancellationToken);

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
        private const string AddTenant = "insert into tenants (tenant_id, created_at) values ($1, $2) on conflict do nothing";

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
}
