using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>One subscription to a stream.</summary>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    /// <summary>The stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The provider of the stream.</summary>
    public abstract string ProviderName { get; }

    /// <summary>The identity of the subscription.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription: no delivery starts after this, one that runs is not waited for.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Delivers to another observer from now on.</summary>
    /// <exception cref="InvalidOperationException">The subscription has ended.</exception>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc/>
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => HandleId.GetHashCode();
}
