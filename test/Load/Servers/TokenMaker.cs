using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansChat.Load.Servers;

/// <summary>Plays the helpdesk: signs tokens for the people of the load tenant with a key made for the run.</summary>
internal sealed class TokenMaker(byte[] secret)
{
    private const string Kid = "load";

    /// <summary>With a key made for the run.</summary>
    internal TokenMaker()
        : this(RandomNumberGenerator.GetBytes(32))
    {
    }

    /// <summary>With a key that the gateways know already, by the id <c>load</c>.</summary>
    internal TokenMaker(string base64)
        : this(Decode(base64))
    {
    }

    /// <summary>The key, as configuration of the gateway.</summary>
    internal IEnumerable<(string Name, string Value)> Settings => [("Tokens:Keys:0:Kid", Kid), ("Tokens:Keys:0:Secret", Convert.ToBase64String(secret))];

    internal string TokenOf(int user)
    {
        var header = Part(new { alg = "HS256", typ = "JWT", kid = Kid });
        var claims = Part(new
        {
            sub = LoadTenant.User(user).Value,
            tenant = LoadTenant.Id.Value,
            name = LoadTenant.Name(user),
            role = "agent",
            exp = DateTimeOffset.UtcNow.AddHours(4).ToUnixTimeSeconds(),
        });
        var signed = header + "." + claims;
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, System.Text.Encoding.ASCII.GetBytes(signed)));
    }

    private static byte[] Decode(string base64)
    {
        var secret = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, secret, out var length)
            ? secret[..length]
            : throw new LoadException("--token-secret is not base64.");
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
