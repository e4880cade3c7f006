using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>An observer made of functions.</summary>
internal sealed class FunctionObserver<T>(Func<T, StreamSequenceToken?, Task> onNext, Func<Exception, Task> onError) : IAsyncObserver<T>
{
    private readonly Func<T, StreamSequenceToken?, Task> _onNext = onNext ?? throw new ArgumentNullException(nameof(onNext));
    private readonly Func<Exception, Task> _onError = onError ?? throw new ArgumentNullException(nameof(onError));

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => _onNext(item, token);

    public Task OnErrorAsync(Exception ex) => _onError(ex);
}
