using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>The only maker of connections: one pool for reads, one for searches, one for writes whose plans must stay lookups by key.</summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private const string ServerSettings =
        "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=5s";

    // The writers' statements join small arrays with large tables. Whatever the planner believes about sizes when the
    // plan is made (an empty table, at first), only nested loops over keys are right.
    private const string WriterSettings =
        ServerSettings + " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    private const string ReaderSettings = ServerSettings + " -c jit=off";

    // A search may take a second and no more. How it uses the index depends on its words; what it finds is looked up by key, table
    // after table as the statement names them, whatever the planner believes about sizes.
    private const string SearcherSettings =
        ReaderSettings + " -c statement_timeout=1s -c plan_cache_mode=force_custom_plan"
        + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c join_collapse_limit=1 -c from_collapse_limit=1";

    /// <summary>How many searches run at the same time.</summary>
    internal const int SearchersMax = 4;

    internal PostgresConnections(PostgresStoreOptions options)
    {
        Readers = Source(options, ReaderSettings, "orleans-chat reader", options.Readers + 1);
        Searchers = Source(options, SearcherSettings, "orleans-chat searcher", SearchersMax);
        Writers = Source(options, WriterSettings, "orleans-chat writer", options.Writers + 3);
    }

    internal NpgsqlDataSource Readers { get; }

    internal NpgsqlDataSource Searchers { get; }

    internal NpgsqlDataSource Writers { get; }

    public async ValueTask DisposeAsync()
    {
        await Readers.DisposeAsync().ConfigureAwait(false);
        await Searchers.DisposeAsync().ConfigureAwait(false);
        await Writers.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource Source(PostgresStoreOptions options, string settings, string name, int sizeMax)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            connection.Options = string.IsNullOrEmpty(connection.Options) ? settings : connection.Options + " " + settings;
            connection.ApplicationName = name;
            connection.Timeout = 3;
            connection.CommandTimeout = 5;
            connection.CancellationTimeout = 1000;
            connection.KeepAlive = 5;
            connection.Pooling = true;
            connection.MinPoolSize = 0;
            connection.MaxPoolSize = sizeMax;
            connection.MaxAutoPrepare = 50;
            connection.AutoPrepareMinUsages = 2;
            connection.NoResetOnClose = true;
            var source = new NpgsqlDataSourceBuilder(connection.ToString());
            // Readers too: what repeats without harm is written on them (people).
            source.UsePhysicalConnectionInitializer(PostgresSettings.FixCommits, PostgresSettings.FixCommitsAsync);
            return source.Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // What the exception says may hold a part of the password.
            throw new StoreStartException($"{nameof(PostgresStoreOptions)}.{nameof(PostgresStoreOptions.ConnectionString)} is not a connection string of the form Host=…;Database=…;Username=….");
        }
    }
}
