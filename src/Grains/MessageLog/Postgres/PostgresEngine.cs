using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.States;
using OrleansChat.Grains.Search;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>The store in one PostgreSQL database, for one process or for many.</summary>
internal sealed partial class PostgresEngine : IStoreEngine
{
    private readonly PostgresStoreOptions _options;
    private readonly ILogger _logger;
    private readonly PostgresConnections _connections;
    private readonly PostgresProcessLock? _processLock;
    private readonly PostgresAppendWriter _appends;
    private readonly PostgresMarkWriter _marks;
    private readonly PostgresReaders _readers;
    private readonly PostgresReaders _searchers;

    internal PostgresEngine(PostgresStoreOptions options, MessageLogInstruments instruments, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<PostgresEngine>();
        _connections = new PostgresConnections(options);
        _processLock = options.ExclusiveProcess ? new PostgresProcessLock(_connections, loggers.CreateLogger<PostgresProcessLock>()) : null;
        var circuit = new Circuit();
        var guards = new PostgresGuards(circuit, _processLock);
        _readers = new PostgresReaders(options, _connections.Readers, options.Readers, circuit);
        _searchers = new PostgresReaders(options, _connections.Searchers, PostgresConnections.SearchersMax, circuit);
        _appends = new PostgresAppendWriter(options, _connections, guards, instruments, loggers.CreateLogger<PostgresAppendWriter>());
        _marks = new PostgresMarkWriter(options, _connections, guards, instruments, loggers.CreateLogger<PostgresMarkWriter>());
        Log = new PostgresMessageLog(_appends, _readers, instruments);
        Inbox = new PostgresInboxStore(_marks, _readers);
        Directory = new PostgresDirectoryStore(_readers);
        States = new PostgresGrainStateStore(_readers);
        Audit = new PostgresAuditStore(_readers);
        Archive = new PostgresArchiveStore(_readers);
        Retention = new PostgresRetentionStore(_readers);
        Search = new PostgresSearchStore(_searchers, _readers, new PostgresIndexing(_connections));
    }

    public IMessageLog Log { get; }

    public IInboxStore Inbox { get; }

    public IDirectoryStore Directory { get; }

    public IGrainStateStore States { get; }

    public IAuditStore Audit { get; }

    public IArchiveStore Archive { get; }

    public IRetentionStore Retention { get; }

    public ISearchStore Search { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_processLock is not null)
            {
                await _processLock.AcquireAsync(cancellationToken).ConfigureAwait(false);
            }

            var connection = await _connections.Readers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            await PostgresSettings.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            await MigrateOrCheckAsync(connection, cancellationToken).ConfigureAwait(false);

            LogStarted(_logger, connection.Database);
        }
        catch (NpgsqlException exception)
        {
            throw new StoreStartException($"The PostgreSQL database cannot be used: {PostgresErrors.Line(exception)}", exception);
        }

        _appends.Start(_options.Writers);
        _marks.Start(writers: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _appends.DisposeAsync().ConfigureAwait(false);
        await _marks.DisposeAsync().ConfigureAwait(false);
        if (_processLock is not null)
        {
            await _processLock.DisposeAsync().ConfigureAwait(false);
        }

        await _connections.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
        _searchers.Dispose();
    }

    private async Task MigrateOrCheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_options.Migrate)
        {
            await PostgresMigrator.CheckAsync(connection, PostgresMigrations.Chat, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var name in await PostgresMigrator.MigrateAsync(connection, [PostgresMigrations.Chat], cancellationToken).ConfigureAwait(false))
        {
            LogMigrated(_logger, name);
        }
    }
}
