using Orleans.Embedded.Streams;

namespace Orleans.Streams;

/// <summary>Subscribes functions.</summary>
public static class AsyncObservableExtensions
{
    /// <summary>Delivers to a function; what it throws is logged.</summary>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
        SubscribeAsync(obs, onNextAsync, static _ => Task.CompletedTask);

    /// <summary>Delivers to a function, and what it throws to another.</summary>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync)
    {
        ArgumentNullException.ThrowIfNull(obs);
        return obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync));
    }
}

/// <summary>Resumes a subscription with functions.</summary>
public static class StreamSubscriptionHandleExtensions
{
    /// <summary>Delivers to another function from now on.</summary>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, static _ => Task.CompletedTask), token);
    }
}
