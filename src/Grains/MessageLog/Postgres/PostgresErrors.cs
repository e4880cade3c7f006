using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>What an error of the server or of the way to it means for the write that met it.</summary>
internal static class PostgresErrors
{
    private const string DeadlockDetected = "40P01";
    private const string SerializationFailure = "40001";
    private const string RaisedException = "P0001";

    /// <summary>The server refuses the content of a row; others can still be written.</summary>
    internal static bool RefusesContent(Exception exception) =>
        exception is PostgresException { SqlState: var state }
        && (state is RaisedException || state.StartsWith("22", StringComparison.Ordinal)
            || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("44", StringComparison.Ordinal)
            || state.StartsWith("54", StringComparison.Ordinal));

    /// <summary>Two transactions met; nothing was written, and the same once more may pass.</summary>
    internal static bool MayPassOnceMore(Exception exception) =>
        exception is PostgresException { SqlState: DeadlockDetected or SerializationFailure };

    /// <summary>Errors of the server, the connection or the wait for either; anything else is a fault of ours.</summary>
    internal static bool IsOfTheServer(Exception exception) => exception is NpgsqlException or TimeoutException or System.IO.IOException;

    /// <summary>What happened, for an operator: on one line, without what the server only tells to those who see the data.</summary>
    internal static string Line(Exception exception) =>
        (exception is PostgresException postgres ? $"{postgres.SqlState}: {postgres.MessageText}" : exception.Message).ReplaceLineEndings(" ");

    /// <summary>The connection is gone or of no use any more.</summary>
    internal static bool BreaksTheConnection(Exception exception) =>
        exception is not PostgresException postgres || postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
        || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("XX", StringComparison.Ordinal);
}
