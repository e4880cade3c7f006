using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// Tenants and their people as stored. Throws <see cref="StoreUnavailableException"/> when the store
/// cannot answer in time.
/// </summary>
public interface IDirectoryStore
{
    /// <summary>Everybody of a tenant, in no particular order; empty for an unknown tenant.</summary>
    Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Stores those who are not stored yet (and the tenant); people who are stored stay as they are. Durable when it returns.</summary>
    /// <returns>How many were new.</returns>
    Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken);

    /// <summary>True when at least one tenant is stored.</summary>
    Task<bool> AnyTenantAsync(CancellationToken cancellationToken);
}
