using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// Purges what is older than tenants and conversations decided, once a day in every process that hosts grains (rule R5).
/// Everything goes through the conversations' grains; a second purge, or one after an interruption, finds what is left.
/// </summary>
internal sealed partial class RetentionJob(
    IRetentionStore retentions,
    IDirectoryStore directory,
    IAuditStore audit,
    IGrainFactory grains,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<RetentionJob> logger) : BackgroundService
{
    private const int PageMax = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(options.Value.StartDelay, time, stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Purges everything that is due now.</summary>
    internal async Task PurgeAsync(CancellationToken cancellationToken)
    {
        TenantId? after = null;
        while (await retentions.ReadTenantsAsync(after, PageMax, cancellationToken) is { IsEmpty: false } tenants)
        {
            foreach (var tenant in tenants)
            {
                await TryAsync(() => PurgeAsync(tenant, cancellationToken), tenant, null, cancellationToken);
            }

            after = tenants[^1];
        }
    }

    private async Task PurgeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var days = (await directory.ReadTenantAsync(tenant, cancellationToken))?.Policy.RetentionDays;
        ConversationId? after = null;
        while (await retentions.ReadKeptAsync(tenant, days, after, PageMax, cancellationToken) is { IsEmpty: false } kept)
        {
            foreach (var conversation in kept)
            {
                await TryAsync(() => PurgeAsync(tenant, conversation, days, cancellationToken), tenant, conversation.Id, cancellationToken);
            }

            after = kept[^1].Id;
        }
    }

    /// <summary>What fails, fails alone: those behind it are purged today all the same.</summary>
    private async Task TryAsync(Func<Task> purge, TenantId tenant, ConversationId? conversation, CancellationToken cancellationToken)
    {
        try
        {
            await purge();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailedAt(logger, tenant, conversation, exception);
        }
    }

    private async Task PurgeAsync(TenantId tenant, KeptConversation conversation, int? tenantDays, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!await retentions.IsAnythingExpiredAsync(tenant, conversation.Id, now.AddDays(-conversation.Days), cancellationToken))
        {
            return;
        }

        var grain = grains.GetGrain<IConversationGrain>(new ConversationKey(tenant, conversation.Id).ToString());
        var messages = 0;
        PurgeResult purged;
        do
        {
            purged = await grain.PurgeAsync(tenantDays, cancellationToken);
            messages += purged.Messages;
        }
        while (purged.More);

        if (messages > 0)
        {
            await audit.AddAsync(
                tenant,
                DirectoryAudit.Entry(ConversationGrain.RetentionActor, "retention.purged", now, new { messages, days = conversation.Days }, conversation.Id),
                cancellationToken);
            LogPurged(logger, messages, tenant, conversation.Id);
        }
    }

    [LoggerMessage(4101, LogLevel.Information, "{Messages} messages of {TenantId} {ConversationId} went: their time is over.")]
    private static partial void LogPurged(ILogger logger, int messages, TenantId tenantId, ConversationId conversationId);

    [LoggerMessage(4103, LogLevel.Warning, "The purge of {TenantId} {ConversationId} failed; the next one tries again.")]
    private static partial void LogFailedAt(ILogger logger, TenantId tenantId, ConversationId? conversationId, Exception exception);

    [LoggerMessage(4102, LogLevel.Warning, "A purge was not finished; the next one begins anew.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
