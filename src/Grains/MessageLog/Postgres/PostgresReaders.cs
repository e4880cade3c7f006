using Npgsql;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Runs reads: one statement each, repeated once when the connection turns out to be broken.</summary>
internal sealed class PostgresReaders(PostgresStoreOptions options, NpgsqlDataSource connections, int readers, Circuit circuit) : IDisposable
{
    // As many as the pool has connections: waiting for one is overload, not a failure of the server.
    private readonly SemaphoreSlim _free = new(readers);

    public void Dispose() => _free.Dispose();

    /// <exception cref="StoreUnavailableException">The server did not answer in time.</exception>
    internal async Task<T> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        if (!await _free.WaitAsync(options.QueueTimeMax, cancellationToken).ConfigureAwait(false))
        {
            throw new StoreUnavailableException($"No reader became free within {options.QueueTimeMax.TotalSeconds:F1} s.");
        }

        try
        {
            return await ReadWithRetryAsync(sql, read, parameters, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<T> ReadWithRetryAsync<T>(
        string sql, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!circuit.MayTry())
            {
                throw new StoreUnavailableException("The database has not answered lately; it is asked again in half a second.");
            }

            try
            {
                var answer = await ReadOnceAsync(sql, read, parameters, cancellationToken).ConfigureAwait(false);
                circuit.OnSuccess();
                return answer;
            }
            catch (Exception exception) when (PostgresErrors.IsOfTheServer(exception))
            {
                if (PostgresErrors.BreaksTheConnection(exception))
                {
                    circuit.OnFailure();
                    connections.Clear();
                    if (attempt == 1 && exception is not { InnerException: TimeoutException })
                    {
                        continue;
                    }
                }

                throw new StoreUnavailableException("The database did not answer a read.", exception);
            }
        }
    }

    private async Task<T> ReadOnceAsync<T>(
        string sql, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        var connection = await connections.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var command = new NpgsqlCommand(sql, connection);
        await using var __ = command.ConfigureAwait(false);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var ___ = reader.ConfigureAwait(false);
        return await read(reader, cancellationToken).ConfigureAwait(false);
    }
}
