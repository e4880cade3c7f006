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

    /// <summary>A tenant's versions and policy; null for a tenant that is not stored.</summary>
    Task<StoredTenant?> ReadTenantAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>How far these tenants have come; one that is not stored is missing.</summary>
    Task<ImmutableArray<TenantVersions>> ReadVersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken);

    /// <summary>Stores people as they are to be from now on, with what the audit says of it; makes the tenant known. Durable when it returns.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="people">Each once.</param>
    /// <param name="expected">The people's version that this follows, 0 for a tenant that is not stored; it is one higher afterwards.</param>
    /// <param name="audit">Written in the same transaction.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the version is another; nothing is written then.</returns>
    Task<bool> PutPeopleAsync(
        TenantId tenant, IReadOnlyCollection<Person> people, long expected, IReadOnlyCollection<AuditRecord> audit, CancellationToken cancellationToken);

    /// <summary>Stores a policy with what the audit says of it; makes the tenant known. Durable when it returns.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="policy">Its version is one higher than that which it follows; 1 is the first.</param>
    /// <param name="audit">Written in the same transaction.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the version in force is another; nothing is written then.</returns>
    Task<bool> SetPolicyAsync(TenantId tenant, TenantPolicy policy, AuditRecord audit, CancellationToken cancellationToken);
}

/// <summary>A tenant as stored.</summary>
public sealed record StoredTenant
{
    /// <summary>How far it has come.</summary>
    public required TenantVersions Versions { get; init; }

    /// <summary>What it decided.</summary>
    public required TenantPolicy Policy { get; init; }
}
