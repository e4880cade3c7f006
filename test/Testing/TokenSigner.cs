using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansChat.Testing;

/// <summary>Plays the helpdesk: signs tokens for its people.</summary>
/// <param name="kid">The key's id.</param>
/// <param name="secret">The key.</param>
public sealed class TokenSigner(string kid, byte[] secret)
{
    /// <summary>With a key of its own.</summary>
    public TokenSigner()
        : this("test", RandomNumberGenerator.GetBytes(32))
    {
    }

    /// <summary>The key, as configuration of a gateway.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Tokens:Keys:0:Kid"] = kid,
        ["Tokens:Keys:0:Secret"] = Convert.ToBase64String(secret),
    };

    /// <summary>A token for an agent, good for four hours unless said otherwise.</summary>
    public string TokenOf(string tenant, string user, string name, TimeSpan? lifetime = null) =>
        Signed(new { sub = user, tenant, name, role = "agent", exp = EndOf(lifetime) });

    /// <summary>A token for the helpdesk's back end, which acts on a tenant.</summary>
    public string ServiceTokenOf(string tenant) => Signed(new { sub = "desk", tenant, scope = "chat.provision", exp = EndOf(null) });

    private static long EndOf(TimeSpan? lifetime) => (DateTimeOffset.UtcNow + (lifetime ?? TimeSpan.FromHours(4))).ToUnixTimeSeconds();

    private string Signed(object claims)
    {
        var signed = Part(new { alg = "HS256", typ = "JWT", kid }) + "." + Part(claims);
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, System.Text.Encoding.ASCII.GetBytes(signed)));
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
