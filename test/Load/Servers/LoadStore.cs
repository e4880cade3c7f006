using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>
/// A fresh store of the run's own: a SQLite file in a temporary folder, a database on a PostgreSQL server that the run
/// starts (the server's own defaults: fsync on), or an empty database that the caller names.
/// </summary>
internal sealed class LoadStore : IAsyncDisposable
{
    private readonly PostgresServer? _server;
    private readonly string? _connectionString;

    private LoadStore(StoreKind kind, TempFolder folder, PostgresServer? server, string? connectionString, ProcessTree? database)
    {
        Kind = kind;
        Folder = folder;
        Database = database;
        _server = server;
        _connectionString = connectionString;
    }

    internal StoreKind Kind { get; }

    /// <summary>Whether silos serve it; it is then opened beside them.</summary>
    internal bool IsOfCluster { get; private init; }

    /// <summary>Of which cluster; null is the default one.</summary>
    internal string? ClusterId { get; private init; }

    /// <summary>For what the run writes besides the store.</summary>
    internal TempFolder Folder { get; }

    /// <summary>The database's processes; null for SQLite, which lives in the server's.</summary>
    internal ProcessTree? Database { get; }

    internal static async Task<LoadStore> CreateAsync(StoreKind kind, string? connection)
    {
        if (kind == StoreKind.Sqlite)
        {
            return new LoadStore(kind, new TempFolder(), null, null, null);
        }

        if (connection is not null)
        {
            RequireLoopback(connection);
            return new LoadStore(kind, new TempFolder(), null, connection, await FindServerAsync(connection));
        }

        if (PostgresBinaries.MissingReason is { } reason)
        {
            throw new LoadException($"{reason}; install it, or name a database with --connection.");
        }

        var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        return new LoadStore(kind, new TempFolder(), server, database, await FindServerAsync(database));
    }

    /// <summary>The store that a running cluster uses.</summary>
    internal static async Task<LoadStore> OfClusterAsync(ClusterTarget target)
    {
        RequireLoopback(target.Connection);
        return new LoadStore(StoreKind.Postgres, new TempFolder(), null, target.Connection, await FindServerAsync(target.Connection))
        {
            IsOfCluster = true,
            ClusterId = target.ClusterId,
        };
    }

    /// <summary>The options with which a process opens it; one at a time, unless silos serve it.</summary>
    internal StoreOptions Options => Kind switch
    {
        StoreKind.Sqlite => new SqliteStoreOptions { Path = Folder.File("chat.db") },
        StoreKind.Postgres => new PostgresStoreOptions { ConnectionString = _connectionString!, ExclusiveProcess = !IsOfCluster, Migrate = !IsOfCluster },
    };

    /// <summary>The same as configuration of the gateway.</summary>
    internal IEnumerable<(string Name, string Value)> Settings => Kind switch
    {
        StoreKind.Sqlite => [("Store:Provider", "Sqlite"), ("Store:Path", Folder.File("chat.db"))],
        StoreKind.Postgres => [("Store:Provider", "Postgres"), ("Store:ConnectionString", _connectionString!)],
    };

    /// <summary>Tells PostgreSQL's planner what was written, as its autovacuum does a minute later.</summary>
    internal async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        if (_connectionString is null)
        {
            return;
        }

        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("analyze", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal async Task<ChatStore> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ChatStore.OpenAsync(Options, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        }
        catch (StoreStartException exception)
        {
            throw new LoadException(exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Folder.Dispose();
    }

    private static void RequireLoopback(string connection)
    {
        var host = new NpgsqlConnectionStringBuilder(connection).Host ?? "";
        if (!host.StartsWith('/') && host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new LoadException($"--connection names the host '{host}'; load goes to this machine only (a socket's folder, localhost or a loopback address).");
        }
    }

    /// <summary>The server's first process: the parent of the one that serves a connection.</summary>
    private static async Task<ProcessTree?> FindServerAsync(string connectionString)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
            var backend = Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
            return ProcessTree.ParentOf(backend) is { } server ? new ProcessTree(server) : null;
        }
        catch (NpgsqlException exception)
        {
            throw new LoadException($"The database does not answer: {exception.Message}", exception);
        }
    }
}
