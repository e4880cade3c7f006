using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Embedded.Streams;

/// <summary>What a subscriber holds of its subscription.</summary>
internal sealed class SubscriptionHandle<T>(Subscription<T> subscription) : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => subscription.TopicId;

    public override string ProviderName => subscription.ProviderName;

    public override Guid HandleId => subscription.Id;

    public override Task UnsubscribeAsync()
    {
        subscription.Dispose();
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (token is not null)
            throw new ArgumentException("The stream is not rewindable.", nameof(token));
        subscription.Resume(observer);
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == HandleId;
}
