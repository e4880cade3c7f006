using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains.Activations;

internal sealed partial class Activation
{
    [LoggerMessage(1, LogLevel.Error, "Grain {GrainId} could not be activated")]
    private static partial void LogActivationFailed(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Grain {GrainId} failed while it was deactivated")]
    private static partial void LogDeactivationFailed(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "Grain {GrainId} ended: {ReasonCode}, {Reason}")]
    private static partial void LogEnded(ILogger logger, GrainId grainId, DeactivationReasonCode reasonCode, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Grain {GrainId} has {Count} requests, {Limit} are allowed: one is refused")]
    private static partial void LogTooManyRequests(ILogger logger, GrainId grainId, int count, int limit);

    [LoggerMessage(5, LogLevel.Error, "A timer of grain {GrainId} failed")]
    private static partial void LogTimerFailed(ILogger logger, GrainId grainId, Exception exception);
}
