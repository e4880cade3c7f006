using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Whose tables a database holds; one database may hold both.</summary>
[Flags]
public enum PostgresSchemas
{
    /// <summary>Conversations, inboxes and people.</summary>
    Chat = 1,

    /// <summary>What Orleans' ADO.NET providers keep: members of the cluster, state of grains.</summary>
    Cluster = 2,
}

/// <summary>
/// The schema of a PostgreSQL database, for an operator who migrates it once and starts any number of programs on it
/// afterwards. Needs no store and leaves no connection open.
/// </summary>
public static class PostgresSchema
{
    /// <summary>Brings the schemas up to the program's: all of it or nothing, one program at a time. Repeating it changes nothing.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="option">The setting that holds the connection string, for refusals.</param>
    /// <param name="schemas">Which tables the database is for.</param>
    /// <param name="cancellationToken">Ends the wait for another program that is migrating.</param>
    /// <returns>The scripts that were applied now, such as <c>chat 0001_initial</c>.</returns>
    /// <exception cref="StoreStartException">The database must not or cannot be used.</exception>
    public static Task<IReadOnlyList<string>> MigrateAsync(
        string connectionString, string option, PostgresSchemas schemas, CancellationToken cancellationToken) =>
        UseAsync(
            connectionString, option, connection => PostgresMigrator.MigrateAsync(connection, [.. SetsOf(schemas)], cancellationToken), cancellationToken);

    /// <summary>Changes nothing; returns when programs can start on the database.</summary>
    /// <inheritdoc cref="MigrateAsync" path="/param" />
    /// <exception cref="StoreStartException">A schema is not the program's, or what Orleans relies on was changed; the line names it.</exception>
    public static Task CheckAsync(string connectionString, string option, PostgresSchemas schemas, CancellationToken cancellationToken) =>
        UseAsync(
            connectionString,
            option,
            async connection =>
            {
                foreach (var set in SetsOf(schemas))
                {
                    await PostgresMigrator.CheckAsync(connection, set, cancellationToken).ConfigureAwait(false);
                }

                if (schemas.HasFlag(PostgresSchemas.Cluster))
                {
                    await ClusterTables.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken);

    private static IEnumerable<PostgresMigrations> SetsOf(PostgresSchemas schemas)
    {
        if (schemas.HasFlag(PostgresSchemas.Chat))
        {
            yield return PostgresMigrations.Chat;
        }

        if (schemas.HasFlag(PostgresSchemas.Cluster))
        {
            yield return PostgresMigrations.Cluster;
        }
    }

    private static async Task<T> UseAsync<T>(
        string connectionString, string option, Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        var connection = Connection(connectionString, option);
        await using var _ = connection.ConfigureAwait(false);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await PostgresSettings.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            return await use(connection).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresErrors.IsOfTheServer(exception) || exception is SocketException or AuthenticationException)
        {
            throw new StoreStartException($"{option}: the PostgreSQL database cannot be used: {PostgresErrors.Line(exception)}", exception);
        }
    }

    private static NpgsqlConnection Connection(string connectionString, string option)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new StoreStartException($"{option} is empty; it must be set.");
        }

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                ApplicationName = "orleans-chat schema",
                Timeout = 3,
                CommandTimeout = 5,
                Pooling = false,
            };
            ArgumentException.ThrowIfNullOrWhiteSpace(settings.Host);
            return new NpgsqlConnection(settings.ToString());
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // What the driver could not read may be a piece of the password.
            throw new StoreStartException($"{option} is not a connection string of PostgreSQL (Host=…;Username=…;Password=…;Database=…).");
        }
    }
}
