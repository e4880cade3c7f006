using Npgsql;
using static OrleansChat.Grains.MessageLog.Postgres.PostgresCommands;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Brings the database's schema up to the program's in one transaction, one program at a time.</summary>
internal static class PostgresMigrator
{
    // The bytes of "chat" and "mig1".
    private const string TakeTurn = "set local statement_timeout = 0; set local lock_timeout = 0; select pg_advisory_xact_lock(1667785076, 1835624241)";

    /// <returns>The scripts that were applied now, such as <c>chat 0001_initial</c>.</returns>
    /// <exception cref="StoreStartException">The database is newer than the program, was made by another, or refuses a script.</exception>
    internal static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlConnection connection, IReadOnlyList<PostgresMigrations> sets, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await connection.ExecutePatientlyAsync(TakeTurn, cancellationToken).ConfigureAwait(false);
        var applied = new List<string>();
        foreach (var set in sets)
        {
            await connection.ExecutePatientlyAsync(CreateTable(set), cancellationToken).ConfigureAwait(false);
            foreach (var script in MigrationScript.Pending(set.Scripts, await ReadAppliedAsync(connection, set, cancellationToken).ConfigureAwait(false)))
            {
                await ApplyAsync(connection, set, script, cancellationToken).ConfigureAwait(false);
                applied.Add($"{set.Name} {script.Name}");
            }
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return applied;
    }

    /// <summary>Changes nothing.</summary>
    /// <exception cref="StoreStartException">The database's schema is not the program's.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, PostgresMigrations set, CancellationToken cancellationToken)
    {
        var tables = await connection.ReadAsync(
            "select where to_regclass($1) is not null", _ => set.Table, cancellationToken, Parameter(set.Table)).ConfigureAwait(false);
        var applied = tables.Count == 0 ? [] : await ReadAppliedAsync(connection, set, cancellationToken).ConfigureAwait(false);
        var pending = MigrationScript.Pending(set.Scripts, applied);
        if (pending.Count > 0)
        {
            throw new StoreStartException(
                $"The database {connection.Database} lacks {string.Join(", ", pending.Select(script => script.Name))} of the {set.Name} schema. The command 'migrate' of the silo applies it.");
        }
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, PostgresMigrations set, MigrationScript script, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecutePatientlyAsync(script.Sql, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception)
        {
            throw new StoreStartException(
                $"{script.Name} of the {set.Name} schema cannot be applied to the database {connection.Database}: {PostgresErrors.Line(exception)}. Nothing was changed.",
                exception);
        }

        await connection.ExecutePatientlyAsync(
            $"insert into {set.Table} (version, name, checksum) values ($1, $2, $3)",
            cancellationToken,
            Parameter(script.Version),
            Parameter(script.Name),
            Parameter(script.Checksum)).ConfigureAwait(false);
    }

    private static string CreateTable(PostgresMigrations set) =>
        $"""
        create table if not exists {set.Table} (
            version int not null primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now()
        )
        """;

    private static Task<List<(int, string)>> ReadAppliedAsync(
        NpgsqlConnection connection, PostgresMigrations set, CancellationToken cancellationToken) =>
        connection.ReadAsync(
            $"select version, checksum from {set.Table}", reader => (reader.GetInt32(0), reader.GetString(1)), cancellationToken);
}
