using System.Collections.Immutable;
using Npgsql;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Tenants and people in a PostgreSQL database.</summary>
internal sealed class PostgresDirectoryStore(PostgresReaders readers) : IDirectoryStore
{
    private const string ReadPeople = "select user_id, name, role, active from users where tenant_id = $1";
    private const string AnyTenant = "select exists (select 1 from tenants)";

    // Repeating it changes nothing, so it may run where reads run.
    private const string AddPeople =
        """
        with tenant as (
            insert into tenants (tenant_id) values ($1) on conflict do nothing
        ),
        added as (
            insert into users (tenant_id, user_id, name, role, active)
            select $1, p.user_id, p.name, p.role, p.active from unnest($2, $3, $4, $5) as p(user_id, name, role, active)
            on conflict do nothing
            returning 1
        )
        select count(*) from added
        """;

    public Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken) =>
        readers.ReadAsync(ReadPeople, ReadAsync, cancellationToken, new NpgsqlParameter<string> { TypedValue = tenant.Value });

    public Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken)
    {
        PeopleValidator.Check(people);
        return readers.ReadAsync(
            AddPeople,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? (int)reader.GetInt64(0) : 0,
            cancellationToken,
            new NpgsqlParameter<string> { TypedValue = tenant.Value },
            new NpgsqlParameter<string[]> { TypedValue = [.. people.Select(person => person.UserId.Value)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. people.Select(person => person.Name)] },
            new NpgsqlParameter<short[]> { TypedValue = [.. people.Select(person => (short)person.Role)] },
            new NpgsqlParameter<bool[]> { TypedValue = [.. people.Select(person => person.Active)] });
    }

    public Task<bool> AnyTenantAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(
            AnyTenant,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) && reader.GetBoolean(0),
            cancellationToken);

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
