using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

/// <summary>The feeds of the tenants that have a session here, or had one a moment ago.</summary>
internal sealed class TenantFeeds(
    IGrainLink grains, IOptions<FanoutOptions> options, TimeProvider time, GatewayInstruments instruments, ILogger<TenantFeeds> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, (TenantFeed Feed, Task Subscribed)> _feeds = [];

    /// <summary>The feeds that listen.</summary>
    internal IReadOnlyList<TenantFeed> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _feeds.Values.Select(entry => entry.Feed)];
            }
        }
    }

    /// <summary>Registers a session; when this returns, it misses nothing.</summary>
    internal async Task JoinAsync(Session session, CancellationToken cancellationToken)
    {
        Task subscribed;
        lock (_lock)
        {
            var tenant = session.Caller.TenantId;
            if (!_feeds.TryGetValue(tenant, out var entry) || entry.Subscribed.IsFaulted)
            {
                var feed = new TenantFeed(tenant, grains, options.Value, time, instruments, logger);
                entry = (feed, SubscribeAsync(feed));
                _feeds[tenant] = entry;
            }

            entry.Feed.Sessions.Add(session);
            entry.Feed.EmptySince = null;
            subscribed = entry.Subscribed;
        }

        await subscribed.WaitAsync(cancellationToken);
    }

    internal void Leave(Session session)
    {
        lock (_lock)
        {
            if (_feeds.TryGetValue(session.Caller.TenantId, out var entry))
            {
                entry.Feed.Sessions.Remove(session);
                if (entry.Feed.Sessions.IsEmpty)
                {
                    entry.Feed.EmptySince = time.GetUtcNow();
                }
            }
        }
    }

    /// <summary>Stops listening to tenants that have had no session for a while.</summary>
    internal async Task ReleaseAsync()
    {
        List<TenantFeed> released = [];
        lock (_lock)
        {
            var latest = time.GetUtcNow() - options.Value.TenantLinger;
            foreach (var (tenant, (feed, subscribed)) in _feeds)
            {
                if (feed.EmptySince <= latest && subscribed.IsCompleted)
                {
                    _feeds.Remove(tenant);
                    released.Add(feed);
                }
            }
        }

        foreach (var feed in released)
        {
            await feed.UnsubscribeAsync();
            FanoutLog.Unsubscribed(logger, feed.Id);
        }
    }

    /// <summary>Stops listening to all tenants.</summary>
    internal Task EndAsync() => Task.WhenAll(All.Select(feed => feed.UnsubscribeAsync()));

    /// <summary>Every tenant's subscriptions anew, through the client as it is now.</summary>
    internal Task ResubscribeAsync() => Task.WhenAll(All.Select(ResubscribeAsync));

    /// <summary>A tenant's subscriptions anew; a failure leaves the old ones, and the next repair tries again.</summary>
    internal async Task ResubscribeAsync(TenantFeed feed)
    {
        try
        {
            await feed.SubscribeAsync();
            FanoutLog.SubscribedAnew(logger, feed.Id);
        }
        catch (Exception exception)
        {
            FanoutLog.SubscribeFailed(logger, feed.Id, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
        }
    }

    private async Task SubscribeAsync(TenantFeed feed)
    {
        await Task.Yield();
        await feed.SubscribeAsync();
        FanoutLog.Subscribed(logger, feed.Id);
    }
}
