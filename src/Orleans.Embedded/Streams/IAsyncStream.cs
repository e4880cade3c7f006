using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>The name of a stream at a provider.</summary>
public interface IAsyncStream
{
    /// <summary>Whether old events can be read again. Never here.</summary>
    bool IsRewindable { get; }

    /// <summary>The provider.</summary>
    string ProviderName { get; }

    /// <summary>The name.</summary>
    StreamId StreamId { get; }
}

/// <summary>Takes events several at a time.</summary>
public interface IAsyncBatchProducer<in T> : IAsyncObserver<T>
{
    /// <summary>Publishes events in their order.</summary>
    Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
}

/// <summary>
/// One stream, to publish to and to subscribe to. Publishing only queues and is done when it returns. Each subscriber sees
/// the events in one order, and misses the oldest ones if it is slower than they come: a stream is a hint.
/// </summary>
public interface IAsyncStream<T> : IAsyncStream, IEquatable<IAsyncStream<T>>, IAsyncObservable<T>, IAsyncBatchProducer<T>
{
    /// <summary>The subscriptions that the calling grain, or the client, has to this stream.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}
