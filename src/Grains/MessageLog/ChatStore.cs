using Microsoft.Extensions.Logging;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Grains.MessageLog.Sqlite;
using OrleansChat.Grains.States;
using OrleansChat.Grains.Search;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// The durable store of one process: its faces and their common life. Hosting starts it before any grain and
/// disposes it after the last one; import and tests use <see cref="OpenAsync"/>.
/// </summary>
public sealed class ChatStore : IAsyncDisposable
{
    private readonly IStoreEngine _engine;
    private bool _disposed;

    /// <summary>Touches nothing yet.</summary>
    /// <exception cref="StoreStartException">An option is out of its bounds.</exception>
    public ChatStore(StoreOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _engine = options switch
        {
            SqliteStoreOptions sqlite => new SqliteEngine(sqlite, clock, Instruments, loggers),
            PostgresStoreOptions postgres => new PostgresEngine(postgres, Instruments, loggers),
            _ => throw new StoreStartException($"{options.GetType().Name} is not a kind of store that this program knows."),
        };
    }

    /// <summary>Conversations.</summary>
    public IMessageLog Log => _engine.Log;

    /// <summary>Chat lists and read cursors.</summary>
    public IInboxStore Inbox => _engine.Inbox;

    /// <summary>Tenants and people.</summary>
    public IDirectoryStore Directory => _engine.Directory;

    /// <summary>States of grains, where the engine has no database of its own.</summary>
    public IGrainStateStore States => _engine.States;

    /// <summary>Who did what.</summary>
    public IAuditStore Audit => _engine.Audit;

    /// <summary>Conversations whoever belongs to them.</summary>
    public IArchiveStore Archive => _engine.Archive;

    /// <summary>How long conversations are kept.</summary>
    public IRetentionStore Retention => _engine.Retention;

    /// <summary>Full text of messages.</summary>
    public ISearchStore Search => _engine.Search;

    internal MessageLogInstruments Instruments { get; } = new();

    /// <summary>A started store.</summary>
    /// <exception cref="StoreStartException">The database must not or cannot be used.</exception>
    public static async Task<ChatStore> OpenAsync(
        StoreOptions options, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var store = new ChatStore(options, clock, loggers);
        try
        {
            await store.StartAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes the lock that keeps other processes out, checks the database's settings and applies migrations.</summary>
    /// <exception cref="StoreStartException">The database must not or cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _engine.StartAsync(cancellationToken);

    /// <summary>Writes what is queued, refuses what comes after, and lets the database go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _engine.DisposeAsync().ConfigureAwait(false);
            Instruments.Dispose();
        }
    }
}
