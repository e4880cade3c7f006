using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hubs;

namespace OrleansChat.Gateway.Callers;

/// <summary>
/// Decides who may open a session, before there is a WebSocket: origin, cookie or token, rate, directory. What is
/// refused is refused with a plain HTTP status (docs/protocol.md, Connection).
/// </summary>
internal sealed partial class HubAdmission : IDisposable
{
    internal const string Path = "/hub";

    /// <summary>The load balancer has noticed by then that this gateway is not ready any more.</summary>
    private static readonly TimeSpan StoppingPause = TimeSpan.FromSeconds(1);

    private readonly OriginPolicy _origins;
    private readonly Admissions _admissions;
    private readonly CallRates _rates;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<HubAdmission> _logger;
    private readonly PartitionedRateLimiter<IPAddress> _failures;

    public HubAdmission(
        OriginPolicy origins,
        Admissions admissions,
        CallRates rates,
        IOptions<CallLimitOptions> limits,
        IHostApplicationLifetime lifetime,
        ILogger<HubAdmission> logger)
    {
        _origins = origins;
        _admissions = admissions;
        _rates = rates;
        _lifetime = lifetime;
        _logger = logger;
        _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.Value.FailedHandshakesPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));
    }

    public void Dispose() => _failures.Dispose();

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            await next(context);
            return;
        }

        if (rest.HasValue || !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound; // No negotiation, no other transport.
            return;
        }

        if (_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            TooMany(context, StoppingPause, StatusCodes.Status503ServiceUnavailable);
            return;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (_failures.GetStatistics(address) is { CurrentAvailablePermits: 0 })
        {
            TooMany(context, TimeSpan.FromMinutes(1));
            return;
        }

        var (admission, status, retryAfter) = await AdmitAsync(context);
        if (admission is null)
        {
            if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            {
                using var lease = _failures.AttemptAcquire(address);
            }

            Log.Refused(_logger, status, context.TraceIdentifier);
            context.Response.StatusCode = status;
            if (retryAfter is { } pause)
            {
                TooMany(context, pause, status);
            }

            return;
        }

        context.Features.Set(admission);
        await next(context);
    }

    private async Task<(Admission? Admission, int Status, TimeSpan? RetryAfter)> AdmitAsync(HttpContext context)
    {
        var origin = context.Request.Headers[HeaderNames.Origin].ToString();
        if (origin.Length > 0 ? !_origins.IsAllowed(origin) : !BearerHandler.IsUsedBy(context.Request))
        {
            return (null, StatusCodes.Status403Forbidden, null);
        }

        var authenticated = await context.AuthenticateAsync();
        if (!authenticated.Succeeded || CallerClaims.Read(authenticated.Principal) is not var (tenant, claims))
        {
            var isService = authenticated.Succeeded && ServiceClaims.Read(authenticated.Principal) is not null;
            return (null, isService ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, null);
        }

        if (_rates.TryConnect(tenant, claims.UserId) is { } pause)
        {
            return (null, StatusCodes.Status429TooManyRequests, pause);
        }

        try
        {
            var admission = await _admissions.AdmitAsync(authenticated.Principal, authenticated.Properties.ExpiresUtc, context.RequestAborted);
            return (admission is { MayUseChat: true } ? admission : null, StatusCodes.Status403Forbidden, null);
        }
        catch (Exception exception) when (GrainFailures.IsPassing(exception) && !context.RequestAborted.IsCancellationRequested)
        {
            Log.NotAnswered(_logger, GrainFailures.ReasonOf(exception), context.TraceIdentifier);
            return (null, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(1));
        }
    }

    private static void TooMany(HttpContext context, TimeSpan retryAfter, int status = StatusCodes.Status429TooManyRequests)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(5303, LogLevel.Information, "A handshake was refused with {Status} ({TraceId}).")]
        internal static partial void Refused(ILogger logger, int status, string traceId);

        [LoggerMessage(5304, LogLevel.Warning, "A handshake could not be judged: {Reason} ({TraceId}).")]
        internal static partial void NotAnswered(ILogger logger, string reason, string traceId);
    }
}
