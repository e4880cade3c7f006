using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Gateway.Callers;

/// <summary>How tokens of the helpdesk are checked (section <c>Tokens</c>). Changes of the configuration take effect at once.</summary>
internal sealed class TokenOptions
{
    internal const string Section = "Tokens";

    /// <summary>Expected <c>iss</c>; empty does not check it.</summary>
    public string? Issuer { get; set; }

    /// <summary>Expected <c>aud</c>; empty does not check it.</summary>
    public string? Audience { get; set; }

    /// <summary>Keys by <c>kid</c>; several at once while they rotate.</summary>
    public IList<TokenKey> Keys { get; } = [];

    /// <summary>Where the helpdesk publishes its public keys (RS256), in addition to <see cref="Keys"/>.</summary>
    public Uri? JwksUri { get; set; }

    /// <summary>How often the published keys are read again.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan JwksRefreshInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>For an unknown <c>kid</c> the published keys are read again at once, but not more often than this.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan JwksRefreshPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Difference of clocks that is tolerated.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A browser's cookie lasts at most so long, whatever the token says.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan CookieLifetime { get; set; } = TimeSpan.FromHours(12);
}

/// <summary>One key of the helpdesk.</summary>
internal sealed class TokenKey
{
    /// <summary>Shortest secret of HS256, in bytes.</summary>
    internal const int SecretBytesMin = 32;

    /// <summary>The key's <c>kid</c>.</summary>
    public string Kid { get; set; } = string.Empty;

    /// <summary>HS256: the shared secret in base64, 32 bytes or more.</summary>
    public string? Secret { get; set; }

    /// <summary>RS256: the public key as PEM.</summary>
    public string? PublicKeyPem { get; set; }
}
