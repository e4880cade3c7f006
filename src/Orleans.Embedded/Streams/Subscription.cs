using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>One subscriber of a stream, whatever the type of its events.</summary>
internal abstract class Subscription : IDisposable
{
    internal abstract StreamId TopicId { get; }

    /// <summary>Queues an event; called with the topic's gate held and never blocks.</summary>
    internal abstract void Offer<TItem>(TItem item, StreamSequenceToken token);

    public abstract void Dispose();
}

/// <summary>One subscriber with its own bounded queue and its own pump: how fast it takes, or whether it throws, is nobody else's business.</summary>
internal sealed partial class Subscription<T>(
    MemoryStreamProvider provider, StreamId streamId, IAsyncObserver<T> observer, Activation? subscriber) : Subscription, IThreadPoolWorkItem
{
    /// <summary>After so many events taken at once the thread goes back to the pool.</summary>
    private const int EventsPerSliceMax = 64;

    private readonly object _gate = new();
    private readonly Queue<(T Item, StreamSequenceToken Token)> _waiting = new();
    private IAsyncObserver<T> _observer = observer;
    private bool _pumping;
    private bool _ended;

    internal Guid Id { get; } = Guid.NewGuid();

    internal string ProviderName => provider.Name;

    internal override StreamId TopicId => streamId;

    /// <summary>The grain that subscribed, or null for the client.</summary>
    internal Activation? Subscriber => subscriber;

    internal void Begin()
    {
        provider.Add(this);
        subscriber?.OwnUntilEnd(this);
    }

    internal void Resume(IAsyncObserver<T> observer)
    {
        lock (_gate)
        {
            if (_ended)
                throw new InvalidOperationException("The subscription has ended; subscribe anew.");
            _observer = observer;
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            _waiting.Clear();
        }

        provider.Remove(this);
        subscriber?.Disown(this);
    }

    internal override void Offer<TItem>(TItem item, StreamSequenceToken token)
    {
        if (item is not T taken)
        {
            provider.Instruments.OnStreamEventDropped();
            LogWrongType(provider.Logger, streamId, typeof(TItem), typeof(T));
            return;
        }

        lock (_gate)
        {
            if (_ended)
                return;
            if (_waiting.Count >= provider.Options.SubscriberQueueMax)
            {
                _waiting.Dequeue();
                provider.Instruments.OnStreamEventDropped();
            }

            _waiting.Enqueue((taken, token));
            if (_pumping)
                return;
            _pumping = true;
        }

        StartPump();
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    /// <summary>Delivers what waits until nothing does, giving the thread back now and then.</summary>
    internal async Task PumpAsync()
    {
        for (var taken = 0; taken < EventsPerSliceMax; taken++)
        {
            (T Item, StreamSequenceToken Token) next;
            IAsyncObserver<T> observer;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _pumping = false;
                    return;
                }

                observer = _observer;
            }

            try
            {
                await observer.OnNextAsync(next.Item, next.Token);
            }
            catch (Exception exception)
            {
                await TellAsync(observer, exception);
            }
        }

        StartPump();
    }

    private void StartPump()
    {
        if (subscriber is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (!subscriber.TryAcceptOwn(new StreamDelivery<T>(this)))
            Dispose();
    }

    private async Task TellAsync(IAsyncObserver<T> observer, Exception exception)
    {
        LogDeliveryFailed(provider.Logger, streamId, exception);
        try
        {
            await observer.OnErrorAsync(exception);
        }
        catch (Exception second)
        {
            LogDeliveryFailed(provider.Logger, streamId, second);
        }
    }
}
