using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>One connection and its prepared commands, for one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int BusySeconds = 5;

    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG.</summary>
    private const int PlansAreStable = 1007;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(ReferenceEqualityComparer.Instance as IEqualityComparer<string>);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>The connection as SQLite's own functions take it.</summary>
    internal sqlite3 Handle => _connection.Handle!;

    internal static SqliteSession OpenWriter(string path) => Open(path, SqliteOpenMode.ReadWriteCreate,
        "pragma journal_mode = wal",
        "pragma synchronous = full",
        "pragma busy_timeout = 5000",
        "pragma foreign_keys = on",
        "pragma cache_size = -32768");

    internal static SqliteSession OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly,
        "pragma busy_timeout = 5000",
        "pragma query_only = on");

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    /// <returns>How many rows were written.</returns>
    internal int Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    internal SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteReader();

    internal long? Number(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteScalar() as long?;

    internal string? Text(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteScalar() as string;

    /// <summary>Runs a file of statements, once.</summary>
    internal void RunScript(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode, params ReadOnlySpan<string> settings)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.KeepPlans();
            foreach (var setting in settings)
            {
                session.RunScript(setting);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A prepared statement stays as it is whatever values are bound. Otherwise SQLite looks at the values that matter to its plans,
    /// every limit among them, and compiles such a statement anew before each run: for a page of ten that costs more than reading it.
    /// </summary>
    private void KeepPlans()
    {
        var result = raw.sqlite3_db_config(Handle, PlansAreStable, 1, out var on);
        if (result != raw.SQLITE_OK || on != 1)
        {
            throw new SqliteException("SQLite does not keep the plans of statements.", result);
        }
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
