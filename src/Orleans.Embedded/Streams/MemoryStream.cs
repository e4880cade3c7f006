using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>A stream as its users hold it: a name and a way to the topic, which exists while someone is subscribed.</summary>
internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription<T>(provider, streamId, observer, Activation.Current);
        subscription.Begin();
        return Task.FromResult<StreamSubscriptionHandle<T>>(new SubscriptionHandle<T>(subscription));
    }

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        provider.Find(streamId)?.Publish(item, eventIndex: 0);
        return Task.CompletedTask;
    }

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        provider.Find(streamId)?.PublishAll([.. batch]);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("A stream carries events only.");

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var owner = Activation.Current;
        IList<StreamSubscriptionHandle<T>> handles =
        [
            .. (provider.Find(streamId)?.Subscriptions ?? [])
                .OfType<Subscription<T>>()
                .Where(subscription => subscription.Subscriber == owner)
                .Select(static subscription => new SubscriptionHandle<T>(subscription)),
        ];
        return Task.FromResult(handles);
    }

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.StreamId == streamId && other.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => streamId.GetHashCode();
}
