using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// Keeps other processes out of the database by a session's advisory lock, on a connection of its own: the server releases
/// it when the process is gone. When the connection breaks the lock is lost; nothing is written until it is taken again.
/// </summary>
internal sealed partial class PostgresProcessLock(PostgresConnections connections, ILogger logger) : IAsyncDisposable
{
    // The bytes of "chat" and "proc".
    private const string TryLock = "select pg_try_advisory_lock(1667785076, 1886547811)";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    // The server needs a moment to notice that the process before this one is gone.
    private const int StartAttempts = 10;

    private readonly CancellationTokenSource _stopping = new();
    private NpgsqlConnection? _connection;
    private Task _watching = Task.CompletedTask;
    private volatile bool _isHeld;

    internal bool IsHeld => _isHeld;

    /// <exception cref="StoreStartException">Another process holds it.</exception>
    internal async Task AcquireAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; !await TryAcquireAsync(cancellationToken).ConfigureAwait(false); attempt++)
        {
            if (attempt == StartAttempts)
            {
                throw new StoreStartException(
                    "The database is in use by another process (it holds the advisory lock of this program). One process at a time may use it with ExclusiveProcess; stop the other one.");
            }

            await Task.Delay(RetryInterval, cancellationToken).ConfigureAwait(false);
        }

        _watching = Task.Run(WatchAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await DropAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!_isHeld && !await TryAcquireAsync(_stopping.Token).ConfigureAwait(false))
                {
                    await Task.Delay(RetryInterval, _stopping.Token).ConfigureAwait(false);
                    continue;
                }

                // Nobody notifies; the wait ends when the connection breaks.
                await _connection!.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                if (_isHeld)
                {
                    _isHeld = false;
                    LogLost(logger, exception);
                }

                await DropAsync().ConfigureAwait(false);
                await Task.Delay(RetryInterval, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        _connection ??= await connections.Writers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(TryLock, _connection);
        await using var _ = command.ConfigureAwait(false);
        _isHeld = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        if (_isHeld)
        {
            LogAcquired(logger);
        }

        return _isHeld;
    }

    private async Task DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            NpgsqlConnection.ClearPool(connection);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
