using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// The repairs of this gateway: at most so many read at the same time, the others wait. Tenants take turns, so that an act
/// that changes very many conversations of one delays nobody else's repairs. What events cause to be read never waits here.
/// </summary>
internal sealed class RepairReads(int atOnceMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, Queue<Func<Task>>> _waiting = [];
    private readonly Queue<TenantId> _turns = new();
    private int _running;

    /// <summary>Has it read when its turn comes. It must not throw.</summary>
    internal void Add(TenantId tenant, Func<Task> read)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(tenant, out var reads))
            {
                _waiting.Add(tenant, reads = new Queue<Func<Task>>());
                _turns.Enqueue(tenant);
            }

            reads.Enqueue(read);
            if (_running == atOnceMax)
            {
                return;
            }

            _running++;
        }

        _ = Task.Run(RunAsync); // Not on the caller's thread, which holds a lock.
    }

    private async Task RunAsync()
    {
        while (TakeNext() is { } read)
        {
            await read();
        }
    }

    private Func<Task>? TakeNext()
    {
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var tenant))
            {
                _running--;
                return null;
            }

            var reads = _waiting[tenant];
            var next = reads.Dequeue();
            if (reads.Count > 0)
            {
                _turns.Enqueue(tenant);
            }
            else
            {
                _waiting.Remove(tenant);
            }

            return next;
        }
    }
}
