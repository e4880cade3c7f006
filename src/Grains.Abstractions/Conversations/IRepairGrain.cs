using System.Collections.Immutable;
using OrleansChat.Identity;

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

    /// <summary>Everything of these tenants that was committed within the last 10 s by the store's clock.</summary>
    [Alias("RecentAsync")]
    Task<ImmutableArray<RecentChange>> RecentAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken);
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
