namespace Orleans.Embedded.Streams;

/// <summary>The subscribers of one stream and the order of its events.</summary>
internal sealed class Topic
{
    private readonly object _gate = new();
    private Subscription[] _subscriptions = [];
    private long _sequence;
    private bool _closed;

    internal Subscription[] Subscriptions => Volatile.Read(ref _subscriptions);

    internal bool TryAdd(Subscription subscription)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _subscriptions = [.. _subscriptions, subscription];
            return true;
        }
    }

    /// <summary>True if nobody is left and nobody can come any more.</summary>
    internal bool RemoveAndCloseIfEmpty(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = Array.FindAll(_subscriptions, other => other != subscription);
            return _closed = _subscriptions.Length == 0;
        }
    }

    /// <summary>Queues an event for every subscriber, in the same order for all.</summary>
    internal void Publish<T>(T item, int eventIndex)
    {
        lock (_gate)
        {
            var token = new EventToken(eventIndex == 0 ? ++_sequence : _sequence, eventIndex);
            foreach (var subscription in _subscriptions)
                subscription.Offer(item, token);
        }
    }

    internal void PublishAll<T>(T[] items)
    {
        lock (_gate)
        {
            for (var i = 0; i < items.Length; i++)
                Publish(items[i], eventIndex: i);
        }
    }
}
