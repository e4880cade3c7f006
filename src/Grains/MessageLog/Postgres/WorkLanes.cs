namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// What waits for a commit, a lane per key: several writers take batches at the same time, and a key (a conversation's,
/// for appends) is in one of them only, with one piece of work. First come, first taken among lanes and within a lane; bounded.
/// </summary>
internal sealed class WorkLanes<TKey, TWork>(int lengthMax) : IDisposable
    where TKey : notnull
    where TWork : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Queue<TWork>> _lanes = [];
    private readonly Queue<(TKey Key, TWork Work)> _ready = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _length;
    private bool _closed;

    /// <summary>False when too much waits, or the lanes are closed.</summary>
    internal bool TryAdd(TKey key, TWork work)
    {
        lock (_gate)
        {
            if (_closed || _length >= lengthMax)
            {
                return false;
            }

            _length++;
            if (_lanes.TryGetValue(key, out var lane))
            {
                lane.Enqueue(work);
                return true;
            }

            _lanes.Add(key, new Queue<TWork>(0));
            MakeReady(key, work);
            return true;
        }
    }

    /// <summary>Ends when there may be something to take; false when there will be nothing any more.</summary>
    internal async Task<bool> WaitAsync()
    {
        await _arrived.WaitAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (!_closed)
            {
                return true;
            }

            // The closing is announced to every writer.
            _arrived.Release();
            return _ready.Count > 0;
        }
    }

    /// <summary>Takes what is ready, up to the bounds; its lanes rest until <see cref="Return"/>.</summary>
    internal void Take(List<(TKey Key, TWork Work)> batch, int worksMax, int rowsMax, Func<TWork, int> rowsOf)
    {
        lock (_gate)
        {
            var rows = 0;
            while (batch.Count < worksMax && _ready.TryPeek(out var next) && (batch.Count == 0 || rows + rowsOf(next.Work) <= rowsMax))
            {
                rows += rowsOf(next.Work);
                batch.Add(_ready.Dequeue());
            }

            _length -= batch.Count;
            for (var surplus = batch.Count - 1; surplus > 0; surplus--)
            {
                _arrived.Wait(0);
            }
        }
    }

    /// <summary>The batch is over: what waited behind it in its lanes is ready.</summary>
    internal void Return(List<(TKey Key, TWork Work)> batch)
    {
        lock (_gate)
        {
            foreach (var (key, _) in batch)
            {
                if (_lanes[key].TryDequeue(out var next))
                {
                    MakeReady(key, next);
                }
                else
                {
                    _lanes.Remove(key);
                }
            }
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

    private void MakeReady(TKey key, TWork work)
    {
        _ready.Enqueue((key, work));
        _arrived.Release();
    }
}
