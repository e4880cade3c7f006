using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Load.Servers;

/// <summary>
/// Counts rows that a server writes while it runs: a trigger on every table counts each row that is inserted, updated or removed,
/// those of the search index and those of people's presence for themselves: the one follows posts in chunks, the other does not follow them.
/// Of SQLite's full-text index only the rows of its ordinary tables count. The triggers cost some microseconds for each row.
/// </summary>
internal sealed class RowCounter
{
    private const string Postgres =
        """
        create sequence load_rows_log; create sequence load_rows_index; create sequence load_rows_presence;
        create function load_row() returns trigger language plpgsql as $$ begin perform nextval(tg_argv[0]); return null; end $$;
        do $$ declare t record; begin
            for t in select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') loop
                execute format('create trigger load_row after insert or update or delete on %I.%I for each row execute function load_row(%L)',
                    t.schemaname, t.tablename, case when t.tablename like 'search%' then 'load_rows_index' when t.tablename = 'grain_states' then 'load_rows_presence' else 'load_rows_log' end);
            end loop;
        end $$;
        """;

    private const string PostgresCounts =
        """
        select (select case when is_called then last_value else 0 end from load_rows_log),
            (select case when is_called then last_value else 0 end from load_rows_index),
            (select case when is_called then last_value else 0 end from load_rows_presence)
        """;

    private readonly StoreOptions _store;

    private RowCounter(StoreOptions store) => _store = store;

    /// <summary>Adds the triggers to a store that a server has open.</summary>
    internal static async Task<RowCounter> AddAsync(LoadStore store, CancellationToken cancellationToken)
    {
        var counter = new RowCounter(store.Options);
        if (counter._store is PostgresStoreOptions postgres)
        {
            await using var connection = new NpgsqlConnection(postgres.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Postgres, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        else
        {
            await using var connection = OpenSqlite(counter._store);
            Run(connection, "create table load_rows (what text primary key, count integer not null)");
            Run(connection, "insert into load_rows values ('log', 0), ('index', 0), ('presence', 0)");
            foreach (var table in Tables(connection))
            {
                var what = table.StartsWith("search", StringComparison.Ordinal) ? "index" : table == "grain_states" ? "presence" : "log";
                foreach (var act in (string[])["insert", "update", "delete"])
                {
                    Run(connection, $"create trigger load_{table}_{act} after {act} on {table} begin update load_rows set count = count + 1 where what = '{what}'; end");
                }
            }
        }

        return counter;
    }

    /// <summary>Rows written so far; the first are all but the others.</summary>
    internal async Task<(long Log, long Index, long Presence)> ReadAsync(CancellationToken cancellationToken)
    {
        if (_store is PostgresStoreOptions postgres)
        {
            await using var connection = new NpgsqlConnection(postgres.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(PostgresCounts, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        await using var file = OpenSqlite(_store);
        return (Count(file, "log"), Count(file, "index"), Count(file, "presence"));
    }

    private static SqliteConnection OpenSqlite(StoreOptions store)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ((SqliteStoreOptions)store).Path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite%' and name <> 'load_rows'";
        using var reader = command.ExecuteReader();
        var tables = new List<string>();
        while (reader.Read())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    private static long Count(SqliteConnection connection, string what)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select count from load_rows where what = $what";
        command.Parameters.AddWithValue("$what", what);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the store's own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
