namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>What waits for the writer's thread: first come, first written; bounded.</summary>
internal sealed class SqliteWorkQueue(int lengthMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<SqliteWork> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private bool _closed;

    /// <summary>False when the queue is full or closed.</summary>
    internal bool TryAdd(SqliteWork work)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= lengthMax)
            {
                return false;
            }

            _waiting.Enqueue(work);
            if (_waiting.Count == 1)
            {
                _arrived.Release();
            }

            return true;
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _arrived.Release();
        }
    }

    public void Dispose() => _arrived.Dispose();

    /// <summary>Waits for work and takes all of it, up to the bounds; false when the queue is closed and empty.</summary>
    internal bool TakeBatch(List<SqliteWork> batch, int worksMax, int rowsMax)
    {
        while (true)
        {
            _arrived.Wait();
            lock (_gate)
            {
                var rows = 0;
                while (_waiting.TryPeek(out var work) && batch.Count < worksMax && (batch.Count == 0 || rows + work.Rows <= rowsMax))
                {
                    rows += work.Rows;
                    batch.Add(_waiting.Dequeue());
                }

                if (_waiting.Count > 0 || _closed)
                {
                    _arrived.Release();
                }

                if (batch.Count > 0 || _closed)
                {
                    return batch.Count > 0;
                }
            }
        }
    }
}
