using OrleansChat.Identity;

namespace OrleansChat.Gateway.Presence;

internal static partial class PresenceLog
{
    [LoggerMessage(5501, LogLevel.Warning, "Presence was not told who is connected, and {Others} other times since the last line like this; the next beat tells it: {Reason}.")]
    internal static partial void BeatFailed(ILogger logger, int others, string reason, Exception? exception);

    [LoggerMessage(5502, LogLevel.Warning, "The presence of watched people of {TenantId} could not be read, and {Others} other times since the last line like this: {Reason}.")]
    internal static partial void ReadFailed(ILogger logger, TenantId tenantId, int others, string reason, Exception? exception);
}
