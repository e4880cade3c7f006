using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

internal sealed partial class Silo
{
    [LoggerMessage(101, LogLevel.Information, "The embedded grain host has started with {GrainClasses} grain classes")]
    private static partial void LogStarted(ILogger logger, int grainClasses);

    [LoggerMessage(102, LogLevel.Information, "The embedded grain host has stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(103, LogLevel.Warning, "{Activations} grains did not end in time; the embedded grain host stops without them")]
    private static partial void LogStoppedHard(ILogger logger, int activations);

    [LoggerMessage(104, LogLevel.Warning, "The one-way call {Method} to {GrainId} failed")]
    private static partial void LogOneWayFailed(ILogger logger, string method, GrainId grainId, Exception exception);

    [LoggerMessage(105, LogLevel.Warning, "The call {Method} to {GrainId} timed out: {Description}")]
    private static partial void LogCallTimedOut(ILogger logger, string method, GrainId grainId, string description);
}
