using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// One tenant's directory. Gateways call it when somebody connects, conversations when people are named; it owns the
/// tenant's people in memory, written through to the store.
/// </summary>
[GrainType("directory")]
internal sealed class DirectoryGrain(IDirectoryStore store) : Grain, IDirectoryGrain
{
    private TenantId _tenant;
    private ImmutableDictionary<UserId, Person> _people = ImmutableDictionary<UserId, Person>.Empty;
    private PeopleSearch? _search;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        await ReadPeopleAsync(cancellationToken);
    }

    public async Task<Person?> AdmitAsync(Person claims, CancellationToken cancellationToken)
    {
        if (!_people.TryGetValue(claims.UserId, out var person))
        {
            if (await store.AddPeopleAsync(_tenant, [claims], cancellationToken) == 1)
            {
                person = claims;
                _people = _people.SetItem(person.UserId, person);
            }
            else
            {
                // Stored beside this grain, by an import: the store's record counts, not the token's.
                await ReadPeopleAsync(cancellationToken);
                person = _people[claims.UserId];
            }

            _search = null;
        }

        return person.Active ? Allowed(person) : null;
    }

    public Task<ImmutableArray<Person>> PeopleAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken)
    {
        var people = ImmutableArray.CreateBuilder<Person>(users.Length);
        foreach (var user in users)
        {
            if (_people.TryGetValue(user, out var person))
            {
                people.Add(Allowed(person));
            }
        }

        return Task.FromResult(people.ToImmutable());
    }

    public Task<ImmutableArray<Person>> FindAsync(string text, int limit, CancellationToken cancellationToken)
    {
        _search ??= new PeopleSearch(_people.Values);
        return Task.FromResult(ImmutableArray.CreateRange(_search.Find(text, limit), Allowed));
    }

    private static Person Allowed(Person person) =>
        person with { Permissions = person.Active ? RolePermissions.Default(person.Role) : default };

    private async Task ReadPeopleAsync(CancellationToken cancellationToken) =>
        _people = (await store.ReadPeopleAsync(_tenant, cancellationToken)).ToImmutableDictionary(person => person.UserId);
}
