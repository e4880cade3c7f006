using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>Says what retention would do now, and does nothing of it.</summary>
[StatelessWorker]
[GrainType("retention")]
internal sealed class RetentionGrain(IRetentionStore retentions, IDirectoryStore directory, TimeProvider time) : Grain, IRetentionGrain
{
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        return Task.CompletedTask;
    }

    public async Task<RetentionPreview> PreviewAsync(Caller caller, ConversationId? after, int limit, CancellationToken cancellationToken)
    {
        if (caller.TenantId != _tenant || !caller.Permissions.HasFlag(ChatPermissions.Retention))
        {
            return new RetentionPreview();
        }

        var tenant = await directory.ReadTenantAsync(_tenant, cancellationToken);
        var kept = await retentions.ReadKeptAsync(_tenant, tenant?.Policy.RetentionDays, after, limit, cancellationToken);
        var expiring = ImmutableArray.CreateBuilder<ExpiringConversation>();
        foreach (var (conversation, days) in kept)
        {
            var messages = await retentions.CountExpiredAsync(_tenant, conversation, time.GetUtcNow().AddDays(-days), cancellationToken);
            if (messages > 0)
            {
                expiring.Add(new ExpiringConversation { ConversationId = conversation, Days = days, Messages = messages });
            }
        }

        return new RetentionPreview { Conversations = expiring.DrainToImmutable(), Next = kept.Length == limit ? kept[^1].Id : null };
    }
}
