using Microsoft.Extensions.Logging;

namespace OrleansChat.Grains.MessageLog.Sqlite;

internal sealed partial class SqliteEngine
{
    [LoggerMessage(7002, LogLevel.Information, "The store {Path} is open.")]
    private static partial void LogStarted(ILogger logger, string path);

    [LoggerMessage(7003, LogLevel.Information, "The schema step {Migration} was applied.")]
    private static partial void LogMigrated(ILogger logger, string migration);
}
