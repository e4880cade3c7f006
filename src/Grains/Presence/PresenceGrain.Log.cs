using Microsoft.Extensions.Logging;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Presence;

internal sealed partial class PresenceGrain
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Debug, "When {TenantId} {UserId} was last seen could not be stored; tried again later: {Reason}.")]
        internal static partial void LastSeenNotStored(ILogger logger, TenantId tenantId, UserId userId, string reason);
    }
}
