using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

internal static partial class FanoutLog
{
    [LoggerMessage(5101, LogLevel.Information, "Listening to {TenantId}.")]
    internal static partial void Subscribed(ILogger logger, TenantId tenantId);

    [LoggerMessage(5102, LogLevel.Information, "No session of {TenantId} is left; not listening to it any more.")]
    internal static partial void Unsubscribed(ILogger logger, TenantId tenantId);

    [LoggerMessage(5103, LogLevel.Warning, "Changes of {TenantId} {ConversationId} could not be read; the next repair tries again: {Reason}.")]
    internal static partial void AskFailed(ILogger logger, TenantId tenantId, ConversationId conversationId, string reason, Exception? exception);

    [LoggerMessage(5104, LogLevel.Warning, "Asking what changed lately failed; trying again: {Reason}.")]
    internal static partial void RepairFailed(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(5105, LogLevel.Information, "{Conversations} conversations of {TenantId} had changes that did not come by the stream; reading them.")]
    internal static partial void Repairing(ILogger logger, int conversations, TenantId tenantId);

    [LoggerMessage(5107, LogLevel.Warning, "The store was silent for {Silence}; every session reads again what it shows.")]
    internal static partial void SilentTooLong(ILogger logger, TimeSpan silence);

    [LoggerMessage(5108, LogLevel.Warning, "The events of {TenantId} have stopped to come: listening anew.")]
    internal static partial void Deaf(ILogger logger, TenantId tenantId);

    [LoggerMessage(5109, LogLevel.Warning, "Listening to {TenantId} failed, and {Others} other attempts since the last line like this; repair goes on without events: {Reason}.")]
    internal static partial void SubscribeFailed(ILogger logger, TenantId tenantId, string reason, int others, Exception? exception);

    [LoggerMessage(5110, LogLevel.Warning, "What people of {TenantId} may do could not be read again; the next repair tries again: {Reason}.")]
    internal static partial void RefreshFailed(ILogger logger, TenantId tenantId, string reason, Exception? exception);

    [LoggerMessage(5106, LogLevel.Warning, "Ending the subscriptions of {TenantId} failed: {Reason}.")]
    internal static partial void UnsubscribeFailed(ILogger logger, TenantId tenantId, string reason, Exception? exception);
}
