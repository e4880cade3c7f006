using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Grains.MessageLog.Sqlite;

namespace OrleansChat.Grains.MessageLog.Copying;

/// <summary>
/// Everything of a SQLite file into an empty PostgreSQL database, in one transaction: ids, numbers, times and read cursors
/// stay as they are, so clients go on where they were. The tables of both have the same columns; what differs is how a value is kept.
/// </summary>
internal static class StoreCopy
{
    private const string Migrations = "schema_migrations";
    private const string Heads = "conversation_heads";

    /// <summary>All but what is derived: the search index, which the target's own indexer makes, and the heads again.</summary>
    private const string TablesOfSource =
        $"select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'search\\_%' escape '\\' and name not in ('{Migrations}', '{Heads}')";

    private const string ColumnsOfTarget =
        "select column_name, udt_name from information_schema.columns where table_schema = current_schema() and table_name = $1 order by ordinal_position";

    /// <summary>Whoever would begin to write waits until the copy is there.</summary>
    private const string LockTarget = "lock table tenants, users, conversations in access exclusive mode";

    /// <summary>Conversations whose counters are not those of their rows: a copy has none.</summary>
    private const string CountTorn =
        """
        select count(*) from conversations c
        left join (select tenant_id, conversation_id, count(*) as rows from conversation_changes group by 1, 2) log using (tenant_id, conversation_id)
        left join (select tenant_id, conversation_id, count(*) as rows from messages group by 1, 2) texts using (tenant_id, conversation_id)
        where c.rev <> coalesce(log.rows, 0) or c.seq <> coalesce(texts.rows, 0)
        """;

    /// <summary>As long as it takes.</summary>
    private static readonly TimeSpan TableTimeMax = TimeSpan.FromDays(1);

    /// <summary>Who is referred to comes before who refers; the log's rows in the order of their commits.</summary>
    private static readonly (string Name, string Order)[] Tables =
    [
        ("tenants", ""), ("users", ""), ("conversations", ""), ("participants", ""), ("messages", " order by rowid"), ("changes", " order by rowid"),
        ("message_versions", ""), ("mentions", ""), ("reactions", ""), ("former_titles", ""), ("audit", ""),
        ("notification_settings_log", ""), ("notification_reports", ""), ("notify_now", ""), ("drafts", ""),
        ("grain_states", ""),
    ];

    /// <returns>The tables, and how many rows each has.</returns>
    /// <exception cref="StoreStartException">Source or target cannot be used, or the target is not empty. Nothing was written.</exception>
    internal static async Task<IReadOnlyList<(string Table, long Rows)>> RunAsync(
        string sourcePath, PostgresStoreOptions target, string targetOption, CancellationToken cancellationToken)
    {
        if (!File.Exists(sourcePath))
        {
            throw new StoreStartException($"There is no database file {sourcePath}.");
        }

        // Opened as a server would: locked, and with the program's schema.
        var source = await ChatStore.OpenAsync(
            new SqliteStoreOptions { Path = sourcePath }, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken).ConfigureAwait(false);
        await using var _ = source.ConfigureAwait(false);
        await PostgresSchema.MigrateAsync(target.ConnectionString, targetOption, PostgresSchemas.Chat, cancellationToken).ConfigureAwait(false);
        try
        {
            return await CopyAsync(sourcePath, target, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresErrors.IsOfTheServer(exception))
        {
            throw new StoreStartException($"{targetOption}: nothing was copied: {PostgresErrors.Line(exception)}", exception);
        }
    }

    private static async Task<IReadOnlyList<(string Table, long Rows)>> CopyAsync(
        string sourcePath, PostgresStoreOptions target, CancellationToken cancellationToken)
    {
        using var session = SqliteSession.OpenReader(sourcePath);
        RequireKnownTables(session);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            ApplicationName = "orleans-chat copy-store",
            Pooling = false,
            CommandTimeout = (int)TableTimeMax.TotalSeconds,
        }.ToString());
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, LockTarget, cancellationToken).ConfigureAwait(false);
        if (await NumberAsync(connection, "select count(*) from tenants", cancellationToken).ConfigureAwait(false) > 0)
        {
            throw new StoreStartException($"{target.Describe()} holds tenants already; copy into an empty one.");
        }

        var copied = new List<(string, long)>();
        foreach (var (table, order) in Tables)
        {
            copied.Add((table, await CopyTableAsync(session, connection, table, order, cancellationToken).ConfigureAwait(false)));
        }

        if (await NumberAsync(connection, CountTorn, cancellationToken).ConfigureAwait(false) is > 0 and var torn)
        {
            throw new StoreStartException($"{sourcePath} holds {torn} conversations whose counters are not those of their rows: the file is damaged. Nothing was copied.");
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, "analyze", cancellationToken).ConfigureAwait(false);
        return copied;
    }

    /// <summary>A table that a later schema adds must not be left behind in silence.</summary>
    private static void RequireKnownTables(SqliteSession session)
    {
        using var reader = session.Query(TablesOfSource);
        while (reader.Read())
        {
            if (!Array.Exists(Tables, table => table.Name == reader.GetString(0)))
            {
                throw new StoreStartException($"The table {reader.GetString(0)} is not known to the copy. Nothing was copied.");
            }
        }
    }

    private static async Task<long> CopyTableAsync(
        SqliteSession session, NpgsqlConnection connection, string table, string order, CancellationToken cancellationToken)
    {
        var columns = await ColumnsAsync(connection, table, cancellationToken).ConfigureAwait(false);
        var names = string.Join(", ", columns.Select(column => column.Name));
        using var reader = session.Query($"select {names} from {table}{order}");
        var import = await connection.BeginBinaryImportAsync($"copy {table} ({names}) from stdin (format binary)", cancellationToken).ConfigureAwait(false);
        await using var _ = import.ConfigureAwait(false);
        import.Timeout = TableTimeMax;
        var rows = 0L;
        for (; reader.Read(); rows++)
        {
            await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < columns.Count; i++)
            {
                await WriteAsync(import, reader, i, columns[i].Type, cancellationToken).ConfigureAwait(false);
            }
        }

        var written = await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (long)written == rows ? rows : throw new DataException($"{written} of {rows} rows of {table} were written.");
    }

    private static Task WriteAsync(NpgsqlBinaryImporter import, SqliteDataReader reader, int column, string type, CancellationToken cancellationToken) =>
        reader.IsDBNull(column) ? import.WriteNullAsync(cancellationToken) : type switch
        {
            "text" => import.WriteAsync(reader.GetString(column), NpgsqlDbType.Text, cancellationToken),
            "jsonb" => import.WriteAsync(reader.GetString(column), NpgsqlDbType.Jsonb, cancellationToken),
            "int2" => import.WriteAsync(reader.GetInt16(column), NpgsqlDbType.Smallint, cancellationToken),
            "int4" => import.WriteAsync(reader.GetInt32(column), NpgsqlDbType.Integer, cancellationToken),
            "int8" => import.WriteAsync(reader.GetInt64(column), NpgsqlDbType.Bigint, cancellationToken),
            "bool" => import.WriteAsync(reader.GetInt64(column) != 0, NpgsqlDbType.Boolean, cancellationToken),
            "timestamptz" => import.WriteAsync(reader.Time(column).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken),
            "uuid" => import.WriteAsync(new Guid(reader.GetFieldValue<byte[]>(column), bigEndian: true), NpgsqlDbType.Uuid, cancellationToken),
            "bytea" => import.WriteAsync(reader.GetFieldValue<byte[]>(column), NpgsqlDbType.Bytea, cancellationToken),
            _ => throw new DataException($"The copy knows no columns of type {type}."),
        };

    private static async Task<List<(string Name, string Type)>> ColumnsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(ColumnsOfTarget, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = table } } };
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        List<(string, string)> columns = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<long> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
