using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations;

/// <summary>Stands for the store's own account of what changed lately; every gateway asks it each 2 s (design §4.5).</summary>
[StatelessWorker]
[GrainType("repair")]
internal sealed class RepairGrain(IMessageLog messageLog, IDirectoryStore directory) : Grain, IRepairGrain
{
    /// <summary>How far back it looks: several times the pace at which gateways ask.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public Task<ImmutableArray<RecentChange>> RecentAsync(ImmutableArray<TenantId> tenants, TimeSpan silence, CancellationToken cancellationToken)
    {
        var counted = TimeSpan.FromTicks(Math.Clamp(silence.Ticks, 0, IRepairGrain.SilenceMax.Ticks));
        return messageLog.ReadRecentAsync(tenants, Window + counted, cancellationToken);
    }

    public Task<ImmutableArray<TenantVersions>> VersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken) =>
        directory.ReadVersionsAsync(tenants, cancellationToken);
}
