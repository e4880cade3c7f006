using System.Numerics;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>The deadline queues of one timeout, a few so that threads seldom meet at one.</summary>
internal sealed class DeadlineQueues : IDisposable
{
    private const uint QueuesMax = 8;

    private readonly DeadlineQueue[] _queues;

    internal DeadlineQueues(TimeProvider clock, TimeSpan timeout)
    {
        var count = Math.Min(QueuesMax, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount));
        _queues = [.. Enumerable.Range(0, (int)count).Select(_ => new DeadlineQueue(clock, timeout))];
    }

    /// <summary>The queue for calls made on this thread.</summary>
    internal DeadlineQueue Mine => _queues[Environment.CurrentManagedThreadId & (_queues.Length - 1)];

    internal void RefuseAll(Func<Exception> reason)
    {
        foreach (var queue in _queues)
            queue.RefuseAll(reason);
    }

    public void Dispose()
    {
        foreach (var queue in _queues)
            queue.Dispose();
    }
}
