using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// How long conversations are kept, and what is older (rule R5). Throws <see cref="StoreUnavailableException"/> when the store
/// cannot answer in time.
/// </summary>
public interface IRetentionStore
{
    /// <summary>Tenants in order of their ids behind one of them.</summary>
    Task<ImmutableArray<TenantId>> ReadTenantsAsync(TenantId? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations behind one of them in order of their ids that lose messages sooner or later: not held, and with days of
    /// their own or the tenant's.
    /// </summary>
    Task<ImmutableArray<KeptConversation>> ReadKeptAsync(
        TenantId tenant, int? tenantDays, ConversationId? after, int limit, CancellationToken cancellationToken);

    /// <summary>What was decided of one conversation; null when there is no such.</summary>
    Task<ConversationRetention?> ReadAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken);

    /// <summary>Decides of one conversation, with what the audit says of it. Durable when it returns.</summary>
    Task SetAsync(
        TenantId tenant, ConversationId conversation, ConversationRetention retention, AuditRecord audit, CancellationToken cancellationToken);

    /// <summary>The oldest messages of people that are older than a time and not deleted, in order of time.</summary>
    Task<ImmutableArray<long>> ReadExpiredAsync(
        TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, int limit, CancellationToken cancellationToken);

    /// <summary>Whether a purge of what is older than a time finds anything: messages of people, or former texts of deleted ones.</summary>
    Task<bool> IsAnythingExpiredAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken);

    /// <summary>How many messages of people are older than a time and not deleted.</summary>
    Task<long> CountExpiredAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken);

    /// <summary>Former texts of messages that are deleted and were written before a time go for good.</summary>
    /// <returns>How many went.</returns>
    Task<int> DropVersionsAsync(TenantId tenant, ConversationId conversation, DateTimeOffset cutoff, CancellationToken cancellationToken);
}

/// <summary>A conversation that is not kept for ever.</summary>
/// <param name="Id">Which.</param>
/// <param name="Days">How many days, its own or the tenant's.</param>
public readonly record struct KeptConversation(ConversationId Id, int Days);
