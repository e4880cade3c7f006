using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>A tenant's people and policy as of its versions; never changed, only replaced by a newer one.</summary>
internal sealed class TenantDirectory
{
    private readonly ImmutableDictionary<UserId, Person> _people;
    private ImmutableArray<Person> _byId;
    private PeopleSearch? _search;

    private TenantDirectory(bool isStored, TenantVersions versions, TenantPolicy policy, ImmutableDictionary<UserId, Person> people) =>
        (IsStored, Versions, Policy, _people) = (isStored, versions, policy, people);

    /// <summary>False for a tenant that nobody has made known yet.</summary>
    internal bool IsStored { get; }

    internal TenantVersions Versions { get; }

    internal TenantPolicy Policy { get; }

    /// <summary>The people in order of their ids.</summary>
    internal ImmutableArray<Person> ById =>
        _byId.IsDefault ? _byId = [.. _people.Values.OrderBy(person => person.UserId.Value, StringComparer.Ordinal)] : _byId;

    internal PeopleSearch Search => _search ??= new PeopleSearch(_people.Values);

    internal static TenantDirectory NobodyOf(TenantId tenant) => new(
        isStored: false,
        new TenantVersions { TenantId = tenant, People = 0, Policy = 0 },
        TenantPolicy.Default,
        ImmutableDictionary<UserId, Person>.Empty);

    internal Person? Find(UserId user) => _people.GetValueOrDefault(user);

    /// <summary>The same people under what is stored of the tenant now.</summary>
    internal TenantDirectory With(StoredTenant tenant) =>
        new(isStored: true, tenant.Versions, tenant.Policy, _people.ToImmutableDictionary(entry => entry.Key, entry => Allowed(entry.Value, tenant.Policy)));

    /// <summary>These people, all of them, under what is stored of the tenant now.</summary>
    internal static TenantDirectory Of(StoredTenant tenant, IEnumerable<Person> people) =>
        new(isStored: true, tenant.Versions, tenant.Policy, people.ToImmutableDictionary(person => person.UserId, person => Allowed(person, tenant.Policy)));

    /// <summary>With these people added or changed; one version on.</summary>
    internal TenantDirectory With(IEnumerable<Person> people) => new(
        isStored: true,
        Versions with { People = Versions.People + 1 },
        Policy,
        _people.SetItems(people.Select(person => KeyValuePair.Create(person.UserId, Allowed(person, Policy)))));

    private static Person Allowed(Person person, TenantPolicy policy) =>
        person with { Permissions = person.Active ? policy.PermissionsOf(person.Role) : default };
}
