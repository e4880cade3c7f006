using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Writes appends.</summary>
internal sealed class PostgresAppendWriter(
    PostgresStoreOptions options, PostgresConnections connections, PostgresGuards guards, MessageLogInstruments instruments, ILogger logger)
    : PostgresBatchWriter<ConversationKey, PostgresAppend, AppendResult>(options, connections, guards, instruments, logger)
{
    private protected override PostgresStatement<PostgresAppend, AppendResult> CreateStatement(NpgsqlConnection connection) =>
        new AppendStatement(connection);

    private protected override void OnCommitted(PostgresAppend[] works, AppendResult[] answers, TimeSpan elapsed)
    {
        var rows = 0;
        for (var i = 0; i < works.Length; i++)
        {
            rows += answers[i] is AppendResult.Appended ? works[i].Rows : 0;
            Instruments.OnAppended(answers[i]);
        }

        if (rows > 0)
        {
            Instruments.OnCommitted(rows, elapsed);
        }
    }

    private protected override AppendResult AnswerRefusal(PostgresException exception) =>
        new AppendResult.Rejected($"SQLSTATE {exception.SqlState} {exception.ConstraintName}");
}
