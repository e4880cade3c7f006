namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>A few statements as one piece of work.</summary>
internal sealed class SqliteStatements<TAnswer>(Func<SqliteSession, (TAnswer Answer, bool Keep)> run) : SqliteWork<TAnswer>
{
    private protected override (TAnswer Answer, bool Keep) Run(SqliteSession session, long storedAt) => run(session);
}
