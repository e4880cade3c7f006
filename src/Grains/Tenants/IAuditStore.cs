using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// Who did what, as stored; rows are added and never changed. Throws <see cref="StoreUnavailableException"/> when the store
/// cannot answer in time.
/// </summary>
public interface IAuditStore
{
    /// <summary>A page of a tenant's entries, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">The page begins after this entry; null: with the newest. Empty when there is no such entry.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    Task<ImmutableArray<AuditRecord>> ReadPageAsync(TenantId tenant, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>One entry; null when the tenant has no such.</summary>
    Task<AuditRecord?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken);

    /// <summary>Adds an entry of an act that changes nothing else; an entry that is there is not added twice. Durable when it returns.</summary>
    Task AddAsync(TenantId tenant, AuditRecord entry, CancellationToken cancellationToken);
}
