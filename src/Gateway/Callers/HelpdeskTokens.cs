using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansChat.Gateway.Wire;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>Checks tokens of the helpdesk.</summary>
internal sealed class HelpdeskTokens(TokenKeys keys, IOptionsMonitor<TokenOptions> options, IOptions<DirectoryOptions> people, TimeProvider time)
{
    /// <summary>Longest token, in characters.</summary>
    private const int CharsMax = 8 * 1024;

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = CharsMax };

    /// <summary>Which person or service the token says it is, and until when; null for a token that is not valid.</summary>
    internal async Task<(ClaimsPrincipal Principal, DateTimeOffset ExpiresAt)?> ValidateAsync(string token, string scheme, CancellationToken cancellationToken)
    {
        if (token.Length > CharsMax || KidOf(token) is not { } kid)
        {
            return null;
        }

        var current = options.CurrentValue;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = kid.Length == 0 ? [] : await keys.FindAsync(kid, cancellationToken),
            TryAllIssuerSigningKeys = false,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuer = !string.IsNullOrEmpty(current.Issuer),
            ValidIssuer = current.Issuer,
            ValidateAudience = !string.IsNullOrEmpty(current.Audience),
            ValidAudience = current.Audience,
            LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, current.ClockSkew),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken valid)
        {
            return null;
        }

        var identity = ServiceClaims.IsService(valid.GetString("scope"))
            ? ServiceClaims.Create(valid.GetString("tenant"), valid.GetString("sub"), scheme)
            : CallerClaims.Create(
                valid.GetString("tenant"), valid.GetString("sub"), valid.GetString("name"), WireMapping.RoleOf(valid.GetString("role")), scheme,
                people.Value.NameScalarsMax);
        return identity is null ? null : (new ClaimsPrincipal(identity), new DateTimeOffset(valid.ValidTo, TimeSpan.Zero));
    }

    /// <summary>The token's <c>kid</c>, empty for one without; null for what is no token.</summary>
    private static string? KidOf(string token)
    {
        try
        {
            return Handler.ReadJsonWebToken(token).Kid ?? string.Empty;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, TimeSpan skew)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires + skew > now && (notBefore is null || notBefore - skew <= now);
    }
}

internal static class TokenClaims
{
    /// <summary>A claim that is there and a string; null otherwise.</summary>
    internal static string? GetString(this JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) ? value : null;
}
