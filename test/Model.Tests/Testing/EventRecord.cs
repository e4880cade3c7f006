using System.Collections.Concurrent;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Model.Tests.Testing;

/// <summary>What the grains publish, by tenant, in the order of publication.</summary>
internal sealed class EventRecord : IEventPublisher
{
    private readonly ConcurrentDictionary<TenantId, Heard> _tenants = [];

    internal Heard Of(TenantId tenant) => _tenants.GetOrAdd(tenant, static _ => new Heard());

    internal void Forget(TenantId tenant) => _tenants.TryRemove(tenant, out _);

    public Task PublishAsync(ConversationAppended appended)
    {
        Of(appended.TenantId).Add(appended);
        return Task.CompletedTask;
    }

    public Task PublishAsync(TenantSignal signal)
    {
        Of(signal.TenantId).Add(signal);
        return Task.CompletedTask;
    }
}

/// <summary>What was published for one tenant.</summary>
internal sealed class Heard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<object> _events = [];
    private readonly Dictionary<ConversationId, long> _revs = [];
    private TaskCompletionSource? _more;

    internal void Add(object published)
    {
        TaskCompletionSource? more;
        lock (_lock)
        {
            _events.Add(published);
            if (published is ConversationAppended appended)
            {
                _revs[appended.ConversationId] = Math.Max(_revs.GetValueOrDefault(appended.ConversationId), appended.Changes[^1].Rev);
            }

            (more, _more) = (_more, null);
        }

        more?.SetResult();
    }

    /// <summary>Takes what was published since the last time, once every conversation was published up to its rev.</summary>
    internal async Task<List<object>> TakeAsync(IReadOnlyDictionary<ConversationId, long> revs)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (revs.All(entry => _revs.GetValueOrDefault(entry.Key) >= entry.Value))
                {
                    List<object> taken = [.. _events];
                    _events.Clear();
                    return taken;
                }

                _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            await more.WaitAsync(Patience);
        }
    }
}
