using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.MessageLog.Sqlite;
using OrleansChat.Testing;
using SQLitePCL;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>One connection and its prepared commands.</summary>
public sealed class SqliteSessionTests : IDisposable
{
    /// <summary>SQLITE_STMTSTATUS_REPREPARE.</summary>
    private const int CompiledAgain = 5;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_OtherValuesEachTime_IsCompiledOnce()
    {
        await using var store = await StoreFixture.OpenAsync(new SqliteStoreOptions { Path = _folder.File("chat.db") });
        await CreateAsync(store);
        using var session = SqliteSession.OpenReader(_folder.File("chat.db"));
        session.Handle.enable_sqlite3_next_stmt(true);
        const string Some = "select user_id from users limit $1";

        for (var limit = 1L; limit <= 3; limit++)
        {
            var rows = 0;
            using var reader = session.Query(Some, limit);
            while (reader.Read())
            {
                rows++;
            }

            rows.ShouldBe((int)limit);
        }

        for (var statement = raw.sqlite3_next_stmt(session.Handle, null!); statement is not null; statement = raw.sqlite3_next_stmt(session.Handle, statement))
        {
            raw.sqlite3_stmt_status(statement, CompiledAgain, 0).ShouldBe(0, raw.sqlite3_sql(statement).utf8_to_string());
        }
    }
}
