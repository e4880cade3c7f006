namespace Orleans.Streams;

/// <summary>Something that can be subscribed to.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>
    /// Delivers the events from now on. A grain gets them in turns of its own and until its activation ends, anyone else on the
    /// thread pool. Subscribing twice delivers twice.
    /// </summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
}
