using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Brings the database's schema up to the program's in one transaction, one program at a time.</summary>
internal static class PostgresMigrator
{
    // The bytes of "chat" and "mig1".
    private const string TakeTurn = "set local statement_timeout = 0; set local lock_timeout = 0; select pg_advisory_xact_lock(1667785076, 1835624241)";

    private const string CreateTable =
        """
        create table if not exists schema_migrations (
            version int not null primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now()
        )
        """;

    private const string ReadApplied = "select version, checksum from schema_migrations";
    private const string Record = "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)";

    internal static IReadOnlyList<MigrationScript> Scripts { get; } = MigrationScript.Of("Postgres");

    /// <returns>The steps that were applied now.</returns>
    internal static async Task<IReadOnlyList<MigrationScript>> MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, TakeTurn, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, CreateTable, cancellationToken).ConfigureAwait(false);
        var pending = MigrationScript.Pending(Scripts, await ReadAppliedAsync(connection, cancellationToken).ConfigureAwait(false));
        foreach (var script in pending)
        {
            await ExecuteAsync(connection, script.Sql, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(
                connection,
                Record,
                cancellationToken,
                new NpgsqlParameter<int> { TypedValue = script.Version },
                new NpgsqlParameter<string> { TypedValue = script.Name },
                new NpgsqlParameter<string> { TypedValue = script.Checksum }).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return pending;
    }

    private static async Task<List<(int, string)>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(ReadApplied, connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var applied = new List<(int, string)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            applied.Add((reader.GetInt32(0), reader.GetString(1)));
        }

        return applied;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
