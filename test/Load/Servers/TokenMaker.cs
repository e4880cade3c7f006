using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansChat.Load.Servers;

/// <summary>Plays the helpdesk: signs tokens for the people of the load tenant with a key made for the run.</summary>
internal sealed class TokenMaker
{
    private const string Kid = "load";
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The key, as configuration of the gateway.</summary>
    internal IEnumerable<(string Name, string Value)> Settings => [("Tokens:Keys:0:Kid", Kid), ("Tokens:Keys:0:Secret", Convert.ToBase64String(_secret))];

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
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(_secret, System.Text.Encoding.ASCII.GetBytes(signed)));
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
