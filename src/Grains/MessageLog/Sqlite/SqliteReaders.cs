using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>A few read-only connections, used on the thread pool because SQLite's calls block. One read is one snapshot.</summary>
internal sealed class SqliteReaders(SqliteStoreOptions options) : IDisposable
{
    private const string Begin = "begin";

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _free = new(options.Readers);
    private readonly string _path = Path.GetFullPath(options.Path);
    private volatile bool _disposed;

    /// <exception cref="StoreUnavailableException">No connection became free in time, or the file cannot be read.</exception>
    internal async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        if (!await _free.WaitAsync(options.QueueTimeMax, cancellationToken).ConfigureAwait(false))
        {
            throw new StoreUnavailableException($"No reader became free within {options.QueueTimeMax.TotalSeconds:F1} s.");
        }

        try
        {
            return await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SqliteSession? session = null;
        try
        {
            session = _idle.TryTake(out var idle) ? idle : SqliteSession.OpenReader(_path);
            session.Execute(Begin);
            var answer = read(session);
            session.Execute(SqliteWriter.Commit);
            Return(session);
            return answer;
        }
        catch (SqliteException exception)
        {
            session?.Dispose();
            throw new StoreUnavailableException("The database file cannot be read.", exception);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    private void Return(SqliteSession session)
    {
        if (_disposed)
        {
            session.Dispose();
        }
        else
        {
            _idle.Add(session);
        }
    }
}
