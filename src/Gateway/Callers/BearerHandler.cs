using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Embedding;

namespace OrleansChat.Gateway.Callers;

/// <summary>Authenticates <c>Authorization: Bearer</c>; a token anywhere else is not looked at.</summary>
internal sealed class BearerHandler(
    HelpdeskTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    internal const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    internal static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var token = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        return await tokens.ValidateAsync(token, SchemeName, Context.RequestAborted) is { } valid && IsOfThePanel(valid.Principal)
            ? AuthenticateResult.Success(new AuthenticationTicket(
                valid.Principal, new AuthenticationProperties { ExpiresUtc = valid.ExpiresAt }, SchemeName))
            : AuthenticateResult.Fail("The token is not valid.");
    }

    /// <summary>True outside of panels; in one, for a person of its tenant.</summary>
    private bool IsOfThePanel(ClaimsPrincipal principal) => Panel.Of(Context) is not { } panel || CallerClaims.Read(principal)?.Tenant == panel.TenantId;
}
