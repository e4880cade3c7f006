using System.Collections.Concurrent;

namespace OrleansChat.Orleans.Embedded.Tests.Testing;

/// <summary>What happened in a host, in order, and gates that hold a grain until the test lets it go. Tests wait for entries instead of sleeping.</summary>
internal sealed class Journal
{
    private readonly object _lock = new();
    private readonly List<string> _entries = [];
    private readonly List<(Func<IReadOnlyList<string>, bool> Condition, TaskCompletionSource Reached)> _waits = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    public void Write(string entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (condition, reached) in _waits)
            {
                if (condition(_entries))
                    reached.TrySetResult();
            }
        }
    }

    /// <summary>Waits until an entry was written this often.</summary>
    public async Task SeesAsync(string entry, int times = 1)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Condition(IReadOnlyList<string> entries) => entries.Count(other => other == entry) >= times;
        lock (_lock)
        {
            if (Condition(_entries))
                return;
            _waits.Add((Condition, reached));
        }

        try
        {
            await reached.Task.SoonAsync();
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited for \"{entry}\" {times} times, have: {string.Join(" | ", Entries)}");
        }
    }

    /// <summary>The task that code in a grain awaits until the test opens the gate of this name.</summary>
    public Task Gate(string name) => GateOf(name).Task;

    public void Open(string name) => GateOf(name).TrySetResult();

    private TaskCompletionSource GateOf(string name) =>
        _gates.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
