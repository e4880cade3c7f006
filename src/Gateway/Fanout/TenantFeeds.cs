using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

/// <summary>The feeds of the tenants that have a session here, or had one a moment ago.</summary>
internal sealed class TenantFeeds(
    IGrainLink grains, IOptions<FanoutOptions> options, TimeProvider time, GatewayInstruments instruments, ILogger<TenantFeeds> logger)
{
    /// <summary>A session begins at the latest after this time, subscribed or not: repair serves it within seconds.</summary>
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(2);

    private const int SubscribesAtOnce = 16;

    private readonly LinePace _failurePace = new(time);
    private readonly RepairReads _repairs = new(options.Value.RepairsAtOnceMax);
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, TenantFeed> _feeds = [];

    /// <summary>The feeds of all tenants that are served.</summary>
    internal IReadOnlyList<TenantFeed> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _feeds.Values];
            }
        }
    }

    /// <summary>Registers a session; when this returns, it misses nothing, or gets it by repair.</summary>
    internal async Task JoinAsync(Session session, CancellationToken cancellationToken)
    {
        TenantFeed? feed;
        lock (_lock)
        {
            var tenant = session.Caller.TenantId;
            if (!_feeds.TryGetValue(tenant, out feed))
            {
                feed = new TenantFeed(tenant, grains, _repairs, options.Value, time, instruments, logger);
                _feeds.Add(tenant, feed);
            }

            feed.Sessions.Add(session);
            feed.EmptySince = null;
        }

        if (!feed.IsSubscribed)
        {
            await Task.WhenAny(SubscribeAsync(feed), Task.Delay(JoinTimeout, time, cancellationToken));
        }
    }

    /// <summary>Whom the sessions of a tenant look at; of one that has a session here.</summary>
    internal TenantWatches WatchesOf(TenantId tenant)
    {
        lock (_lock)
        {
            return _feeds[tenant].Watches;
        }
    }

    internal void Leave(Session session)
    {
        lock (_lock)
        {
            if (_feeds.TryGetValue(session.Caller.TenantId, out var feed))
            {
                feed.Sessions.Remove(session);
                feed.Watches.Remove(session);
                if (feed.Sessions.IsEmpty)
                {
                    feed.EmptySince = time.GetUtcNow();
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
            foreach (var (tenant, feed) in _feeds)
            {
                if (feed.EmptySince <= latest)
                {
                    _feeds.Remove(tenant);
                    released.Add(feed);
                }
            }
        }

        await Parallel.ForEachAsync(released, AtOnce, async (feed, _) =>
        {
            await feed.UnsubscribeAsync();
            FanoutLog.Unsubscribed(logger, feed.Id);
        });
    }

    /// <summary>Stops listening to all tenants.</summary>
    internal Task EndAsync() => Parallel.ForEachAsync(All, AtOnce, async (feed, _) => await feed.UnsubscribeAsync());

    /// <summary>The client was replaced: every tenant's subscriptions anew. What fails is tried again with each repair.</summary>
    internal Task ResubscribeAsync()
    {
        var feeds = All;
        foreach (var feed in feeds)
        {
            feed.IsSubscribed = false;
        }

        return Parallel.ForEachAsync(feeds, AtOnce, async (feed, _) => await SubscribeAsync(feed));
    }

    /// <summary>A tenant's subscriptions, for the first time or anew. Never fails: repair goes on without, and tries again.</summary>
    internal async Task SubscribeAsync(TenantFeed feed)
    {
        try
        {
            await feed.SubscribeAsync();
            FanoutLog.Subscribed(logger, feed.Id);
        }
        catch (Exception exception)
        {
            if (_failurePace.TryTake(out var others) || !GrainFailures.IsPassing(exception))
            {
                FanoutLog.SubscribeFailed(logger, feed.Id, GrainFailures.ReasonOf(exception), others, GrainFailures.DefectIn(exception));
            }
        }
    }

    private static ParallelOptions AtOnce => new() { MaxDegreeOfParallelism = SubscribesAtOnce };
}
