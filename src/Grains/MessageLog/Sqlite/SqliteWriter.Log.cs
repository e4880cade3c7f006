using Microsoft.Extensions.Logging;

namespace OrleansChat.Grains.MessageLog.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(7000, LogLevel.Error, "A commit of {Works} writes failed; they are answered as unavailable.")]
    private static partial void LogCommitFailed(ILogger logger, int works, Exception exception);

    [LoggerMessage(7001, LogLevel.Warning, "The database refused a write (SQLite error {ErrorCode}); nothing of it was written.")]
    private static partial void LogRefused(ILogger logger, int errorCode);
}
