using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>The helpdesk that people of a test come from: it has one HS256 key and writes tokens, of its own tenant unless it is told another.</summary>
internal sealed class Helpdesk
{
    /// <summary>The tenant of a test that has a server of its own.</summary>
    internal const string Tenant = "acme";

    /// <summary>Another one.</summary>
    internal const string OtherTenant = "globex";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    internal Helpdesk(string kid = "test")
        : this(kid, RandomNumberGenerator.GetBytes(32), Tenant)
    {
    }

    private Helpdesk(string kid, byte[] secret, string own) => (Kid, Secret, Own) = (kid, secret, own);

    internal string Kid { get; }

    internal byte[] Secret { get; }

    /// <summary>Its own tenant.</summary>
    internal string Own { get; }

    internal SigningCredentials Signing =>
        new(new SymmetricSecurityKey(Secret) { KeyId = Kid }, SecurityAlgorithms.HmacSha256);

    /// <summary>The same helpdesk, for a test with a tenant of its own.</summary>
    internal Helpdesk Of(string tenant) => new(Kid, Secret, tenant);

    /// <summary>The settings that make a gateway accept this helpdesk's tokens.</summary>
    internal string[] Settings(int index = 0) =>
        [$"--Tokens:Keys:{index}:Kid={Kid}", $"--Tokens:Keys:{index}:Secret={Convert.ToBase64String(Secret)}"];

    internal string Token(string user, string? tenant = null, DateTimeOffset? expires = null) =>
        Write(Claims(user, tenant ?? Own, expires), Signing);

    /// <summary>What the helpdesk's back end shows when it acts on a tenant.</summary>
    internal string ServiceToken(string? tenant = null, string scope = "chat.provision") => Write(
        new()
        {
            ["sub"] = "desk",
            ["tenant"] = tenant ?? Own,
            ["scope"] = scope,
            ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
        },
        Signing);

    /// <summary>A person's token as of a role other than agent; counts when it makes the person known.</summary>
    internal string TokenAs(string user, string role, string? tenant = null)
    {
        var claims = Claims(user, tenant ?? Own);
        claims["role"] = role;
        return Write(claims, Signing);
    }

    internal static Dictionary<string, object> Claims(string user, string tenant = Tenant, DateTimeOffset? expires = null) => new()
    {
        ["sub"] = user,
        ["tenant"] = tenant,
        ["name"] = NameOf(user),
        ["role"] = "agent",
        ["exp"] = (expires ?? DateTimeOffset.UtcNow.AddHours(1)).ToUnixTimeSeconds(),
    };

    internal static string Write(Dictionary<string, object> claims, SigningCredentials? signing) =>
        Handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = signing });

    /// <summary>How the helpdesk calls somebody: <c>ann</c> is "Ann".</summary>
    internal static string NameOf(string user) => char.ToUpperInvariant(user[0]) + user[1..];
}
