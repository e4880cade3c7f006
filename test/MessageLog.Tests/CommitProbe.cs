using System.Diagnostics.Metrics;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.MessageLog.Tests;

/// <summary>Tells by a store's own measurements what waits for a commit and how large the commits were.</summary>
internal sealed class CommitProbe : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<int> _commitRows = [];
    private readonly List<(long Length, TaskCompletionSource Reached)> _waiters = [];
    private long _queued;

    internal CommitProbe(ChatStore store)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, store.Instruments.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => OnCount(instrument.Name, value));
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => OnCommit(value));
        _listener.Start();
    }

    /// <summary>Log rows of each commit so far.</summary>
    internal IReadOnlyList<int> CommitRows
    {
        get
        {
            lock (_gate)
            {
                return [.. _commitRows];
            }
        }
    }

    /// <summary>Ends when exactly so many writes wait.</summary>
    internal Task QueueLengthAsync(long length)
    {
        lock (_gate)
        {
            if (_queued == length)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((length, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void OnCount(string instrument, long value)
    {
        if (instrument != "chat.log.queue.length")
        {
            return;
        }

        lock (_gate)
        {
            _queued += value;
            _waiters.RemoveAll(waiter => waiter.Length == _queued && waiter.Reached.TrySetResult());
        }
    }

    private void OnCommit(int rows)
    {
        lock (_gate)
        {
            _commitRows.Add(rows);
        }
    }
}
