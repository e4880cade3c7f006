using System.Collections.Concurrent;
using OrleansChat.Conversations;
using OrleansChat.Grains.States;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>What a test plans for the states of grains, and what they did; it outlives restarts of the host.</summary>
internal sealed class GrainStateFaults
{
    private readonly ConcurrentQueue<string> _reads = new();
    private int _writes;

    /// <summary>Writes fail before anything is written.</summary>
    internal bool WritesFail { get; set; }

    /// <summary>How often a state was written.</summary>
    internal int Writes => _writes;

    /// <summary>Reads end only after this; null for at once.</summary>
    internal Task? ReadsWaitFor { get; set; }

    /// <summary>Names of the states that were read, one for each read.</summary>
    internal IReadOnlyCollection<string> Reads => _reads;

    internal async Task OnReadingAsync(string name)
    {
        _reads.Enqueue(name);
        await (ReadsWaitFor ?? Task.CompletedTask);
    }

    internal void OnWritten() => Interlocked.Increment(ref _writes);
}

/// <summary>States of grains as stored, except where a test planned otherwise.</summary>
internal sealed class FaultyGrainStates(IGrainStateStore inner, GrainStateFaults faults) : IGrainStateStore
{
    public async Task<StoredGrainState?> ReadAsync(string name, string key, CancellationToken cancellationToken)
    {
        await faults.OnReadingAsync(name);
        return await inner.ReadAsync(name, key, cancellationToken);
    }

    public Task<long?> WriteAsync(string name, string key, string content, long? version, CancellationToken cancellationToken)
    {
        if (faults.WritesFail)
        {
            return Task.FromException<long?>(new StoreUnavailableException("planned"));
        }

        faults.OnWritten();
        return inner.WriteAsync(name, key, content, version, cancellationToken);
    }

    public Task<bool> RemoveAsync(string name, string key, long version, CancellationToken cancellationToken) =>
        inner.RemoveAsync(name, key, version, cancellationToken);
}
