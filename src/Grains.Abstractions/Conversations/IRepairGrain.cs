using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Conversations;

/// <summary>
/// Tells gateways what the store says has changed lately, independent of the event stream. Stateless: any number of
/// workers, key 0 by convention (<see cref="Key"/>).
/// </summary>
[Alias("chat.IRepairGrain")]
public interface IRepairGrain : IGrainWithStringKey
{
    /// <summary>The key that every gateway uses.</summary>
    const string Key = "repair";

    /// <summary>Longest silence that an answer makes up for.</summary>
    static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(5);

    /// <summary>Everything of these tenants that was committed lately by the store's clock: within the last 10 s and the silence.</summary>
    /// <param name="tenants">Whose conversations.</param>
    /// <param name="silence">How long the gateway has had no answer; counts up to <see cref="SilenceMax"/>.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    [Alias("RecentAsync")]
    Task<ImmutableArray<RecentChange>> RecentAsync(ImmutableArray<TenantId> tenants, TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>How far people and policy of these tenants have come; a tenant that is not stored is missing.</summary>
    [Alias("VersionsAsync")]
    Task<ImmutableArray<TenantVersions>> VersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken);
}

/// <summary>A conversation that changed lately.</summary>
[GenerateSerializer, Immutable, Alias("chat.RecentChange")]
public sealed record RecentChange
{
    /// <summary>Whose conversation.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }

    /// <summary>Which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The first change within the window.</summary>
    [Id(2)]
    public required long FromRev { get; init; }

    /// <summary>The last change within the window.</summary>
    [Id(3)]
    public required long ToRev { get; init; }
}
