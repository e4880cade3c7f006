using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Http;

/// <summary>Signing in and out (docs/protocol.md, HTTP).</summary>
internal static class SessionEndpoints
{
    internal const string Path = "/api/session";

    internal static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ReadAsync);
        routes.MapPost(Path, ExchangeAsync).AddEndpointFilter<AllowedOriginFilter>();
        routes.MapDelete(Path, (Delegate)SignOutAsync).AddEndpointFilter<AllowedOriginFilter>();
    }

    /// <summary>Gives a browser the cookie of a caller.</summary>
    internal static Task SignInAsync(HttpContext context, System.Security.Claims.ClaimsIdentity identity, DateTimeOffset expiresAt) =>
        context.SignInAsync(
            CallersServices.CookieScheme(context),
            new System.Security.Claims.ClaimsPrincipal(identity),
            new AuthenticationProperties { ExpiresUtc = expiresAt, IsPersistent = true });

    private static async Task<IResult> ReadAsync(HttpContext context, Admissions admissions, IHostEnvironment environment)
    {
        context.Response.Headers.CacheControl = "no-store";
        var authenticated = await context.AuthenticateAsync();
        var admission = authenticated.Succeeded
            ? await admissions.AdmitAsync(authenticated.Principal, authenticated.Properties.ExpiresUtc, context.RequestAborted)
            : null;
        return admission is not { MayUseChat: true }
            ? Results.Json(new NotSignedIn { Development = environment.IsDevelopment() }, statusCode: StatusCodes.Status401Unauthorized)
            : Results.Json(new SignedIn { Tenant = admission.TenantId.Value, User = admission.ToWire(), Permissions = admission.Person.Permissions.ToWire() });
    }

    private static async Task<IResult> ExchangeAsync(
        HttpContext context, Admissions admissions, IOptionsMonitor<TokenOptions> options, TimeProvider time)
    {
        // The bearer header only: a cookie must not renew itself.
        var authenticated = await context.AuthenticateAsync(BearerHandler.SchemeName);
        if (!authenticated.Succeeded)
        {
            return Results.Unauthorized();
        }

        var admission = await admissions.AdmitAsync(authenticated.Principal, null, context.RequestAborted);
        if (admission is not { MayUseChat: true })
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var longest = time.GetUtcNow() + options.CurrentValue.CookieLifetime;
        var expiresAt = authenticated.Properties.ExpiresUtc is { } expires && expires < longest ? expires : longest;
        await SignInAsync(
            context,
            CallerClaims.Create(admission.TenantId, admission.Person, CallersServices.CookieScheme(context)),
            expiresAt);
        return Results.NoContent();
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CallersServices.CookieScheme(context));
        return Results.NoContent();
    }
}

/// <summary>Refuses requests that another site's page makes somebody's browser send.</summary>
internal sealed class AllowedOriginFilter(OriginPolicy origins) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var origin = context.HttpContext.Request.Headers[HeaderNames.Origin].ToString();
        return origin.Length == 0 || origins.IsAllowed(origin) ? await next(context) : Results.StatusCode(StatusCodes.Status403Forbidden);
    }
}
