using Microsoft.Extensions.Logging;

namespace OrleansChat.Grains.MessageLog.Postgres;

internal sealed partial class PostgresProcessLock
{
    [LoggerMessage(7022, LogLevel.Information, "This process holds the database's lock.")]
    private static partial void LogAcquired(ILogger logger);

    [LoggerMessage(7023, LogLevel.Error, "The database's lock was lost with its connection; writes are refused until it is taken again.")]
    private static partial void LogLost(ILogger logger, Exception exception);
}
