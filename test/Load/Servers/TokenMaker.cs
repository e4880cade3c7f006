using System.Security.Cryptography;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>Plays the helpdesk: signs tokens for the people of the load tenant.</summary>
internal sealed class TokenMaker
{
    private readonly TokenSigner _helpdesk;

    /// <summary>With a key made for the run.</summary>
    internal TokenMaker() => _helpdesk = new TokenSigner("load", RandomNumberGenerator.GetBytes(32));

    /// <summary>With a key that the gateways know already, by the id <c>load</c>.</summary>
    internal TokenMaker(string base64) => _helpdesk = new TokenSigner("load", Decode(base64));

    /// <summary>The key, as configuration of the gateway.</summary>
    internal IEnumerable<(string Name, string Value)> Settings => _helpdesk.Settings.Select(setting => (setting.Key, setting.Value));

    internal string TokenOf(int user) => _helpdesk.TokenOf(LoadTenant.Id.Value, LoadTenant.User(user).Value, LoadTenant.Name(user));

    private static byte[] Decode(string base64)
    {
        var secret = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, secret, out var length)
            ? secret[..length]
            : throw new LoadException("--token-secret is not base64.");
    }
}
