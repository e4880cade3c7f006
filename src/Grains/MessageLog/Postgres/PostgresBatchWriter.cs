using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// Writes what waits, many pieces of work per statement and commit: whatever queued while a commit ran goes into the next
/// one (group commit without a timer). A piece that the server refuses fails alone: its batch is split until it stands
/// alone. A few writers run at the same time, each on a connection of its own.
/// </summary>
internal abstract partial class PostgresBatchWriter<TKey, TWork, TAnswer> : IAsyncDisposable
    where TKey : notnull
    where TWork : PostgresWork<TAnswer>
{
    private readonly PostgresStoreOptions _options;
    private readonly PostgresConnections _connections;
    private readonly PostgresGuards _guards;
    private readonly ILogger _logger;
    private readonly WorkLanes<TKey, TWork> _lanes;
    private Task[] _writers = [];

    private protected PostgresBatchWriter(
        PostgresStoreOptions options, PostgresConnections connections, PostgresGuards guards, MessageLogInstruments instruments, ILogger logger)
    {
        _options = options;
        _connections = connections;
        _guards = guards;
        Instruments = instruments;
        _logger = logger;
        _lanes = new WorkLanes<TKey, TWork>(options.QueueLengthMax);
    }

    private protected MessageLogInstruments Instruments { get; }

    public async ValueTask DisposeAsync()
    {
        _lanes.Close();
        await Task.WhenAll(_writers).ConfigureAwait(false);
        _lanes.Dispose();
    }

    /// <summary>Begins to write.</summary>
    internal void Start(int writers) => _writers = [.. Enumerable.Range(0, writers).Select(_ => Task.Run(RunAsync))];

    /// <summary>Queues work; its task ends after the durable commit.</summary>
    /// <exception cref="MessageLogUnavailableException">The queue is full or the server does not answer; nothing was written.</exception>
    internal Task<TAnswer> WriteAsync(TKey key, TWork work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_writers.Length == 0)
        {
            throw new InvalidOperationException("The store is not started.");
        }

        work.QueuedAt = Stopwatch.GetTimestamp();
        var refusal = _guards.RefuseWrite();
        if (refusal is null)
        {
            Instruments.OnQueued();
            if (_lanes.TryAdd(key, work))
            {
                return cancellationToken.CanBeCanceled ? work.Task.WaitAsync(cancellationToken) : work.Task;
            }

            Instruments.OnTaken(1);
            refusal = $"The store's queue is full ({_options.QueueLengthMax} writes wait) or closed; nothing was written.";
        }

        Instruments.OnUnavailable(1);
        throw new MessageLogUnavailableException(refusal);
    }

    private protected abstract PostgresStatement<TWork, TAnswer> CreateStatement(NpgsqlConnection connection);

    private protected abstract void OnCommitted(TWork[] works, TAnswer[] answers, TimeSpan elapsed);

    /// <summary>How a refused piece of work is answered; null when it is an error of ours.</summary>
    private protected abstract TAnswer? AnswerRefusal(PostgresException exception);

    private async Task RunAsync()
    {
        var batch = new List<(TKey Key, TWork Work)>();
        var session = new Session(this);
        await using var _ = session.ConfigureAwait(false);
        while (await _lanes.WaitAsync().ConfigureAwait(false))
        {
            _lanes.Take(batch, _options.CommitAppendsMax, _options.CommitRowsMax, static work => work.Rows);
            if (batch.Count == 0)
            {
                continue;
            }

            Instruments.OnTaken(batch.Count);
            if (FreshOf(batch) is { Length: > 0 } works)
            {
                await WriteOrFailAsync(session, works).ConfigureAwait(false);
            }

            _lanes.Return(batch);
            batch.Clear();
        }
    }

    private TWork[] FreshOf(List<(TKey Key, TWork Work)> batch)
    {
        var fresh = batch.Select(item => item.Work).Where(work => Stopwatch.GetElapsedTime(work.QueuedAt) <= _options.QueueTimeMax).ToArray();
        if (fresh.Length < batch.Count)
        {
            Fail(
                [.. batch.Select(item => item.Work).Except(fresh)],
                new MessageLogUnavailableException($"The write waited more than {_options.QueueTimeMax.TotalSeconds:F1} s for its turn; nothing was written."));
        }

        return fresh;
    }

    // The last line of defence: whatever goes wrong, nobody waits for ever and the writer goes on. Those that were answered stay so.
    private async Task WriteOrFailAsync(Session session, TWork[] works)
    {
        try
        {
            await WriteBatchAsync(session, works, retry: true).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogCommitFailed(_logger, works.Length, exception);
            Fail(works, new MessageLogUnavailableException("The commit failed; whether it was written is unknown.", exception));
        }
    }

    private async Task WriteBatchAsync(Session session, TWork[] works, bool retry)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answers = await session.ExecuteAsync(works).ConfigureAwait(false);
            _guards.Circuit.OnSuccess();
            OnCommitted(works, answers, Stopwatch.GetElapsedTime(started));
            for (var i = 0; i < works.Length; i++)
            {
                works[i].Complete(answers[i]);
            }
        }
        catch (Exception exception) when (retry && PostgresErrors.MayPassOnceMore(exception))
        {
            await WriteBatchAsync(session, works, retry: false).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (PostgresErrors.RefusesContent(exception))
        {
            await SplitAsync(session, works, exception).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogCommitFailed(_logger, works.Length, exception);
            await OnFailedAsync(session, exception).ConfigureAwait(false);
            Fail(works, new MessageLogUnavailableException("The database did not confirm the commit; whether it was written is unknown.", exception));
        }
    }

    private async Task SplitAsync(Session session, TWork[] works, PostgresException exception)
    {
        if (works.Length > 1)
        {
            var half = works.Length / 2;
            await WriteBatchAsync(session, works[..half], retry: true).ConfigureAwait(false);
            await WriteBatchAsync(session, works[half..], retry: true).ConfigureAwait(false);
            return;
        }

        LogRefused(_logger, exception.SqlState);
        if (AnswerRefusal(exception) is { } answer)
        {
            OnCommitted(works, [answer], TimeSpan.Zero);
            works[0].Complete(answer);
        }
        else
        {
            works[0].Fail(new InvalidOperationException($"The database refuses the row ({exception.SqlState}).", exception));
        }
    }

    private async Task OnFailedAsync(Session session, Exception exception)
    {
        if (PostgresErrors.BreaksTheConnection(exception))
        {
            _guards.Circuit.OnFailure();
            await session.DropAsync().ConfigureAwait(false);
            _connections.Writers.Clear();
        }
    }

    private void Fail(TWork[] works, MessageLogUnavailableException exception)
    {
        Instruments.OnUnavailable(works.Length);
        foreach (var work in works)
        {
            work.Fail(exception);
        }
    }

    /// <summary>A writer's connection with its prepared statement; made when first needed and again after it broke.</summary>
    private sealed class Session(PostgresBatchWriter<TKey, TWork, TAnswer> writer) : IAsyncDisposable
    {
        private PostgresStatement<TWork, TAnswer>? _statement;

        public ValueTask DisposeAsync() => new(DropAsync());

        internal async Task<TAnswer[]> ExecuteAsync(TWork[] works)
        {
            if (_statement is { IsUsable: false })
            {
                await DropAsync().ConfigureAwait(false);
            }

            if (_statement is null)
            {
                var connection = await writer._connections.Writers.OpenConnectionAsync().ConfigureAwait(false);
                _statement = writer.CreateStatement(connection);
                await _statement.PrepareAsync().ConfigureAwait(false);
            }

            return await _statement.ExecuteAsync(works).ConfigureAwait(false);
        }

        internal async Task DropAsync()
        {
            if (_statement is { } statement)
            {
                _statement = null;
                try
                {
                    await statement.DisposeAsync().ConfigureAwait(false);
                }
                catch (Exception exception) when (PostgresErrors.IsOfTheServer(exception))
                {
                    // It was broken; that is why it is dropped.
                }
            }
        }
    }
}
