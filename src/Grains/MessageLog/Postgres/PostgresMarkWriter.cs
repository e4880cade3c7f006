using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Writes read marks.</summary>
internal sealed class PostgresMarkWriter(
    PostgresStoreOptions options, PostgresConnections connections, PostgresGuards guards, MessageLogInstruments instruments, ILogger logger)
    : PostgresBatchWriter<MarkKey, PostgresMarkRead, UnreadBasis?>(options, connections, guards, instruments, logger)
{
    private protected override PostgresStatement<PostgresMarkRead, UnreadBasis?> CreateStatement(NpgsqlConnection connection) =>
        new MarkReadStatement(connection);

    private protected override void OnCommitted(PostgresMarkRead[] works, UnreadBasis?[] answers, TimeSpan elapsed)
    {
        foreach (var _ in works)
        {
            Instruments.OnMarkedRead();
        }
    }

    private protected override UnreadBasis? AnswerRefusal(PostgresException exception) => null;
}
