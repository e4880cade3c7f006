using Microsoft.Extensions.Logging;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

internal sealed partial class ConversationWriter
{
    internal static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "Another writer moved {TenantId} {ConversationId} beyond rev {Rev}; nothing of this append was written, the head is read again.")]
        internal static partial void Fenced(ILogger logger, TenantId tenantId, ConversationId conversationId, long rev);

        [LoggerMessage(1002, LogLevel.Warning, "Whether an append to {TenantId} {ConversationId} was written is unknown; the head is read again.")]
        internal static partial void AppendUncertain(ILogger logger, TenantId tenantId, ConversationId conversationId, Exception exception);

        [LoggerMessage(1003, LogLevel.Error, "The store refused a post to {TenantId} {ConversationId}: {Reason}")]
        internal static partial void PostRejected(ILogger logger, TenantId tenantId, ConversationId conversationId, string reason);
    }
}
