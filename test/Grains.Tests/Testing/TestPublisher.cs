using System.Collections.Concurrent;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>Remembers what was published; fails or waits where a test says so.</summary>
internal sealed class TestPublisher : IEventPublisher
{
    private readonly Lock _lock = new();
    private readonly List<ConversationAppended> _appended = [];
    private readonly List<TenantSignal> _signals = [];
    private readonly ConcurrentQueue<Gate> _gates = new();
    private readonly ConcurrentBag<Gate> _allGates = [];
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Throws at the call, not in the task.</summary>
    internal bool ThrowsAtOnce { get; set; }

    internal bool Fails { get; set; }

    internal IReadOnlyList<ConversationAppended> Appended
    {
        get
        {
            lock (_lock)
            {
                return [.. _appended];
            }
        }
    }

    internal IReadOnlyList<TenantSignal> Signals
    {
        get
        {
            lock (_lock)
            {
                return [.. _signals];
            }
        }
    }

    /// <summary>The next publication waits.</summary>
    internal Gate HoldNext()
    {
        var gate = new Gate();
        _gates.Enqueue(gate);
        _allGates.Add(gate);
        return gate;
    }

    internal void ReleaseAll()
    {
        foreach (var gate in _allGates)
        {
            gate.Open();
        }
    }

    /// <summary>What was published of the conversation, once its change with this rev was.</summary>
    internal async Task<IReadOnlyList<ConversationChange>> ChangesAsync(ConversationId conversation, long rev)
    {
        await HearsAsync(conversation, rev);
        return [.. Appended.Where(appended => appended.ConversationId == conversation).SelectMany(appended => appended.Changes)];
    }

    /// <summary>Waits until the conversation's change with this rev was published.</summary>
    internal async Task HearsAsync(ConversationId conversation, long rev)
    {
        while (true)
        {
            Task heard;
            lock (_lock)
            {
                if (_appended.Exists(appended => appended.ConversationId == conversation && appended.Changes[^1].Rev >= rev))
                {
                    return;
                }

                heard = _heard.Task;
            }

            await heard.WaitAsync(ChatHost.Patience);
        }
    }

    /// <summary>Waits until so many signals of a kind were published.</summary>
    internal async Task HearsSignalsAsync<TSignal>(int signals)
        where TSignal : TenantSignal
    {
        while (true)
        {
            Task heard;
            lock (_lock)
            {
                if (_signals.OfType<TSignal>().Count() >= signals)
                {
                    return;
                }

                heard = _heard.Task;
            }

            await heard.WaitAsync(ChatHost.Patience);
        }
    }

    public async Task PublishAsync(ConversationAppended appended)
    {
        if (_gates.TryDequeue(out var gate))
        {
            await gate.PassAsync();
        }

        if (Fails)
        {
            throw new InvalidOperationException("planned");
        }

        TaskCompletionSource heard;
        lock (_lock)
        {
            _appended.Add(appended);
            heard = _heard;
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        heard.TrySetResult();
    }

    public Task PublishAsync(TenantSignal signal)
    {
        if (ThrowsAtOnce)
        {
            throw new InvalidOperationException("planned, at once");
        }

        if (Fails)
        {
            return Task.FromException(new InvalidOperationException("planned"));
        }

        TaskCompletionSource heard;
        lock (_lock)
        {
            _signals.Add(signal);
            heard = _heard;
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        heard.TrySetResult();
        return Task.CompletedTask;
    }
}
