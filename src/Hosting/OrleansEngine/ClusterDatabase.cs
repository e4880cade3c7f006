using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace OrleansChat.Hosting;

/// <summary>The database that the cluster's processes find each other by.</summary>
public static class ClusterDatabase
{
    private const string HasTables = "select to_regclass('orleansquery') is not null and to_regclass('orleansmembershiptable') is not null";

    /// <summary>Refuses a database that cannot be reached or lacks Orleans' tables, before Orleans would fail with a stack.</summary>
    /// <exception cref="StartException">Says what is missing.</exception>
    public static async Task CheckAsync(ClusterSettings cluster, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        try
        {
            var connection = new NpgsqlConnection(cluster.ConnectionString);
            await using var _ = connection.ConfigureAwait(false);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var command = new NpgsqlCommand(HasTables, connection);
            await using var __ = command.ConfigureAwait(false);
            if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
            {
                throw new StartException($"The database {Describe(connection)} lacks the cluster's tables; run the silo's command 'migrate' on it first.");
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or AuthenticationException or TimeoutException)
        {
            throw new StartException(
                $"{ClusterSettings.ConnectionStringOption} names {Describe(cluster.ConnectionString)}, which cannot be used: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static string Describe(NpgsqlConnection connection) => $"{connection.Database} on {connection.Host}:{connection.Port}";

    private static string Describe(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parts.Database ?? parts.Username} on {parts.Host}:{parts.Port}";
    }
}
