namespace Orleans.Streams;

/// <summary>Takes the events of a stream, one at a time.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>Takes the next event. The one after it waits until this task is done.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>There will be no more events. Never called here: a stream has no end.</summary>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Taking an event failed with this exception; the stream goes on with the next.</summary>
    Task OnErrorAsync(Exception ex);
}
