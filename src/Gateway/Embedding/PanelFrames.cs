using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Embedding;

/// <summary>
/// Which pages may show a tenant's panel, as the tenant's directory said a moment ago. Anybody may ask, before signing in: so answers are
/// kept for some seconds, and an address that asks for tenants without panels, or that do not exist, is stopped.
/// </summary>
internal sealed class PanelFrames : IDisposable
{
    /// <summary>So long after a tenant took an origin away, its pages may still show the panel.</summary>
    internal static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    /// <summary>Bounds the memory: more tenants than open their panels within some seconds.</summary>
    private const int TenantsMax = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly IGrainLink _grains;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<TenantId, (FrameOrigins Origins, long AskedAt)> _known = [];
    private readonly PartitionedRateLimiter<IPAddress> _misses;

    public PanelFrames(IGrainLink grains, IOptions<CallLimitOptions> limits, TimeProvider time)
    {
        (_grains, _time) = (grains, time);
        _misses = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.Value.UnknownPanelsPerMinute,
                Window = Window,
            }));
    }

    public void Dispose() => _misses.Dispose();

    /// <summary>The origins; none alike for a tenant that has none and for one that nobody knows. Null when the request was answered with 429.</summary>
    internal async Task<FrameOrigins?> FindAsync(TenantId tenant, HttpContext context)
    {
        if (_known.TryGetValue(tenant, out var known) && _time.GetElapsedTime(known.AskedAt) < FreshFor)
        {
            return known.Origins;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (known.Origins is null or { Origins.IsEmpty: true } && _misses.GetStatistics(address) is { CurrentAvailablePermits: 0 })
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = $"{Window.TotalSeconds}";
            return null;
        }

        var origins = await AskAsync(tenant, known.Origins, context.RequestAborted);
        if (origins == FrameOrigins.None)
        {
            using var lease = _misses.AttemptAcquire(address);
        }

        return origins;
    }

    private async Task<FrameOrigins> AskAsync(TenantId tenant, FrameOrigins? before, CancellationToken cancellationToken)
    {
        var askedAt = _time.GetTimestamp();
        try
        {
            var policy = await _grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(tenant).ToString()).PolicyAsync(cancellationToken);
            if (_known.Count >= TenantsMax)
            {
                _known.Clear(); // Nothing is lost but some questions asked anew.
            }

            _known[tenant] = (policy.FrameOrigins, askedAt);
            return policy.FrameOrigins;
        }
        catch (Exception exception) when (before is not null && GrainFailures.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            return before; // While the store is away, what was so last.
        }
    }
}
