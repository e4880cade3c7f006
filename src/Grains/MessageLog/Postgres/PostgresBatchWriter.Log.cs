using Microsoft.Extensions.Logging;

namespace OrleansChat.Grains.MessageLog.Postgres;

internal abstract partial class PostgresBatchWriter<TKey, TWork, TAnswer>
{
    [LoggerMessage(7020, LogLevel.Error, "A commit of {Works} writes failed; they are answered as unavailable.")]
    private static partial void LogCommitFailed(ILogger logger, int works, Exception exception);

    [LoggerMessage(7021, LogLevel.Warning, "The database refused a write (SQLSTATE {SqlState}); nothing of it was written.")]
    private static partial void LogRefused(ILogger logger, string sqlState);
}
