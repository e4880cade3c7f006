using Microsoft.Extensions.Logging;

namespace OrleansChat.Grains.MessageLog.Postgres;

internal sealed partial class PostgresEngine
{
    [LoggerMessage(7024, LogLevel.Information, "The store in the database {Database} is open.")]
    private static partial void LogStarted(ILogger logger, string database);

    [LoggerMessage(7025, LogLevel.Information, "The schema step {Migration} was applied.")]
    private static partial void LogMigrated(ILogger logger, string migration);
}
