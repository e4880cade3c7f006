using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>
/// The only one that writes to the file: a thread of its own, because SQLite's calls block. Everything that queued while
/// a commit ran goes into the next one (group commit without a timer); each piece of work has a savepoint, so what the
/// database refuses fails alone.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    internal const string BeginExclusive = "begin exclusive";
    internal const string Commit = "commit";
    internal const string Rollback = "rollback";

    /// <summary>Forgets what the running piece of work has written so far.</summary>
    internal const string Undo = "rollback to work";

    private const string Begin = "begin immediate";
    private const string Savepoint = "savepoint work";
    private const string Release = "release work";
    private const int SqliteConstraint = 19;
    private const int SqliteTooBig = 18;
    private const int SqliteMismatch = 20;

    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly MessageLogInstruments _instruments;
    private readonly ILogger _logger;
    private readonly SqliteWorkQueue _queue;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private long _storedAt;

    internal SqliteWriter(SqliteStoreOptions options, TimeProvider clock, MessageLogInstruments instruments, ILogger logger)
    {
        _options = options;
        _clock = clock;
        _instruments = instruments;
        _logger = logger;
        _queue = new SqliteWorkQueue(options.QueueLengthMax);
    }

    /// <summary>Begins to write.</summary>
    /// <param name="session">The only connection that writes; the writer's from now on.</param>
    /// <param name="storedAt">When the last row was stored; time does not fall behind it.</param>
    internal void Start(SqliteSession session, long storedAt)
    {
        _session = session;
        _storedAt = storedAt;
        new Thread(Run) { IsBackground = true, Name = "chat store writer" }.Start();
    }

    /// <summary>Queues work; its task ends after the durable commit.</summary>
    /// <exception cref="StoreUnavailableException">The queue is full; nothing was written.</exception>
    internal Task<TAnswer> WriteAsync<TAnswer>(SqliteWork<TAnswer> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_session is null)
        {
            throw new InvalidOperationException("The store is not started.");
        }

        work.QueuedAt = Stopwatch.GetTimestamp();
        _instruments.OnQueued();
        if (!_queue.TryAdd(work))
        {
            _instruments.OnTaken(1);
            _instruments.OnUnavailable(1);
            throw new StoreUnavailableException($"The store's queue is full ({_options.QueueLengthMax} writes wait) or closed; nothing was written.");
        }

        return work.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        if (_session is not null)
        {
            await _ended.Task.ConfigureAwait(false);
            _session.Dispose();
        }

        _queue.Dispose();
    }

    private void Run()
    {
        var batch = new List<SqliteWork>();
        while (_queue.TakeBatch(batch, _options.CommitAppendsMax, _options.CommitRowsMax))
        {
            _instruments.OnTaken(batch.Count);
            RefuseStale(batch);
            if (batch.Count > 0)
            {
                WriteBatch(batch, _session!);
            }

            batch.Clear();
        }

        _ended.SetResult();
    }

    private void RefuseStale(List<SqliteWork> batch)
    {
        var stale = batch.RemoveAll(work =>
        {
            var waited = Stopwatch.GetElapsedTime(work.QueuedAt);
            if (waited <= _options.QueueTimeMax)
            {
                return false;
            }

            work.Fail(new StoreUnavailableException($"The write waited {waited.TotalSeconds:F1} s for its turn; nothing was written."));
            return true;
        });
        if (stale > 0)
        {
            _instruments.OnUnavailable(stale);
        }
    }

    private void WriteBatch(List<SqliteWork> batch, SqliteSession session)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = 0;
        try
        {
            session.Execute(Begin);
            _storedAt = Math.Max(_storedAt, StoredTime.ToMicroseconds(_clock.GetUtcNow()));
            foreach (var work in batch)
            {
                rows += WriteOne(work, session) ? work.Rows : 0;
            }

            session.Execute(Commit);
        }
        catch (Exception exception)
        {
            FailBatch(batch, session, exception);
            return;
        }

        _instruments.OnCommitted(rows, Stopwatch.GetElapsedTime(started));
        foreach (var work in batch)
        {
            work.Complete();
        }
    }

    private bool WriteOne(SqliteWork work, SqliteSession session)
    {
        session.Execute(Savepoint);
        var keep = false;
        try
        {
            keep = work.Execute(session, _storedAt);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SqliteConstraint or SqliteTooBig or SqliteMismatch)
        {
            LogRefused(_logger, exception.SqliteExtendedErrorCode);
            work.Refuse(exception);
        }

        if (!keep)
        {
            session.Execute(Undo);
        }

        session.Execute(Release);
        return keep;
    }

    private void FailBatch(List<SqliteWork> batch, SqliteSession session, Exception exception)
    {
        LogCommitFailed(_logger, batch.Count, exception);
        _instruments.OnUnavailable(batch.Count);
        try
        {
            session.Execute(Rollback);
        }
        catch (SqliteException)
        {
            // SQLite has already rolled the transaction back by itself.
        }

        foreach (var work in batch)
        {
            work.Fail(new StoreUnavailableException("The commit failed; whether it was written is unknown.", exception));
        }
    }
}
