using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.States;
using OrleansChat.Grains.Search;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>The store in one SQLite file, for one process.</summary>
internal sealed partial class SqliteEngine : IStoreEngine
{
    /// <summary>When the last row was stored, 0 for none.</summary>
    internal const string LastStored =
        """
        select max(
            coalesce((select stored_at from messages order by rowid desc limit 1), 0),
            coalesce((select stored_at from changes order by rowid desc limit 1), 0))
        """;

    /// <summary>How many searches run at the same time.</summary>
    private const int Searchers = 2;

    private const string JournalMode = "pragma journal_mode";

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteReaders _searchers;
    private SqliteFileLock? _lock;

    internal SqliteEngine(SqliteStoreOptions options, TimeProvider clock, MessageLogInstruments instruments, ILoggerFactory loggers)
    {
        _path = Path.GetFullPath(options.Path);
        _clock = clock;
        _logger = loggers.CreateLogger<SqliteEngine>();
        _writer = new SqliteWriter(options, clock, instruments, loggers.CreateLogger<SqliteWriter>());
        _readers = new SqliteReaders(options);
        _searchers = new SqliteReaders(options with { Readers = Searchers });
        Log = new SqliteMessageLog(_writer, _readers, clock, instruments);
        Inbox = new SqliteInboxStore(_writer, _readers, instruments);
        Directory = new SqliteDirectoryStore(_writer, _readers);
        States = new SqliteGrainStateStore(_writer, _readers);
        Audit = new SqliteAuditStore(_writer, _readers);
        Archive = new SqliteArchiveStore(_readers);
        Retention = new SqliteRetentionStore(_writer, _readers);
        Search = new SqliteSearchStore(_writer, _searchers, _readers);
    }

    public IMessageLog Log { get; }

    public IInboxStore Inbox { get; }

    public IDirectoryStore Directory { get; }

    public IGrainStateStore States { get; }

    public IAuditStore Audit { get; }

    public IArchiveStore Archive { get; }

    public IRetentionStore Retention { get; }

    public ISearchStore Search { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(Start, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
        _searchers.Dispose();
        _lock?.Dispose();
    }

    private void Start()
    {
        _lock = SqliteFileLock.Acquire(_path);
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.OpenWriter(_path);
            if (session.Text(JournalMode) != "wal")
            {
                throw new StoreStartException($"The database file {_path} cannot use a write-ahead log (journal_mode wal); its file system does not support it.");
            }

            foreach (var script in SqliteMigrator.Migrate(session, _clock.GetUtcNow()))
            {
                LogMigrated(_logger, script.Name);
            }

            _writer.Start(session, session.Number(LastStored) ?? 0);
            LogStarted(_logger, _path);
        }
        catch (SqliteException exception)
        {
            session?.Dispose();
            throw new StoreStartException($"The database file {_path} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }
}
