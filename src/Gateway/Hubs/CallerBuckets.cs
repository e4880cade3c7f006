using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hubs;

/// <summary>What kind of call a hub method is; each kind has a bucket of its own, so that reading never blocks a send (rule M7).</summary>
internal enum CallKind
{
    Send,
    Read,
    MarkRead,
}

/// <summary>The buckets of one person, shared by all of the person's sessions here.</summary>
internal sealed class CallerBuckets(CallLimitOptions limits, TokenBucket tenantSend, TimeProvider time)
{
    private readonly TokenBucket _send = new(limits.SendPerSecond, limits.SendBurst, time);
    private readonly TokenBucket _read = new(limits.HistoryPerSecond, limits.HistoryBurst, time);
    private readonly TokenBucket _markRead = new(limits.ReadMarksPerSecond, limits.ReadMarksPerSecond, time);

    /// <summary>Connects of the person, before there is a session.</summary>
    internal TokenBucket Connect { get; } = new(limits.ConnectsPerMinute / 60.0, limits.ConnectsPerMinute, time);

    /// <summary>Null when the call may go on; otherwise when to repeat it.</summary>
    internal TimeSpan? TryTake(CallKind kind) => kind switch
    {
        CallKind.Send => _send.TryTake() ?? tenantSend.TryTake(),
        CallKind.Read => _read.TryTake(),
        CallKind.MarkRead => _markRead.TryTake(),
    };
}

/// <summary>Finds the buckets of a person. They outlive a session long enough that reconnecting refills nothing.</summary>
internal sealed class CallerBucketsCache(IMemoryCache cache, IOptions<CallLimitOptions> limits, TimeProvider time)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    internal CallerBuckets Of(TenantId tenant, UserId user) => GetOrCreate(
        (tenant, user), () => new CallerBuckets(limits.Value, SendOf(tenant), time));

    private TokenBucket SendOf(TenantId tenant) => GetOrCreate(
        tenant, () => new TokenBucket(limits.Value.TenantSendPerSecond, limits.Value.TenantSendPerSecond, time));

    private T GetOrCreate<T>(object key, Func<T> create)
        where T : class =>
        cache.GetOrCreate(key, entry =>
        {
            entry.SlidingExpiration = Idle;
            return create();
        })!;
}
