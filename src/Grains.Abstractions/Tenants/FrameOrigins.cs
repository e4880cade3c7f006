using System.Collections.Immutable;

namespace OrleansChat.Tenants;

/// <summary>The origins of pages that may show a tenant's chat as a panel. Two with the same origins in the same order are equal.</summary>
[GenerateSerializer, Immutable, Alias("chat.FrameOrigins")]
public sealed record FrameOrigins
{
    /// <summary>Of a tenant whose chat nobody embeds.</summary>
    public static FrameOrigins None { get; } = new();

    /// <summary>Exact origins such as <c>https://desk.example.com</c>.</summary>
    [Id(0)]
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static FrameOrigins Parse(string text) => text.Length == 0 ? None : new FrameOrigins { Origins = [.. text.Split(' ')] };

    /// <summary>The origins with spaces between, as stores and the Content-Security-Policy have them.</summary>
    public override string ToString() => string.Join(' ', Origins);

    /// <inheritdoc />
    public bool Equals(FrameOrigins? other) => other is not null && Origins.SequenceEqual(other.Origins, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => Origins.Aggregate(new HashCode(), static (hash, origin) =>
    {
        hash.Add(origin, StringComparer.Ordinal);
        return hash;
    }).ToHashCode();
}

/// <summary>
/// What <see cref="FrameOrigins"/> may be; pure. They become part of a header, and browsers compare them letter by letter: so
/// only what a browser itself writes as an origin is one.
/// </summary>
public static class FrameOriginRules
{
    /// <summary>Most origins of one tenant.</summary>
    public const int CountMax = 20;

    /// <summary>Longest origin, in characters: twenty of them fit into what proxies take as headers (4 KiB).</summary>
    public const int CharsMax = 128;

    private const int LabelCharsMax = 63;

    /// <summary>False when they are too many, one is none, or one is there twice.</summary>
    public static bool AreValid(FrameOrigins origins) =>
        origins.Origins.Length <= CountMax
        && origins.Origins.All(IsOrigin)
        && origins.Origins.Distinct(StringComparer.Ordinal).Count() == origins.Origins.Length;

    /// <summary>True for an https origin as browsers write it, or an http one of this machine, for development.</summary>
    public static bool IsOrigin(string? text) =>
        text is { Length: <= CharsMax }
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.Host is "localhost" or "127.0.0.1"))
        && uri.Port > 0
        && uri.Host.Split('.').All(IsLabel)
        && text == (uri.IsDefaultPort ? $"{uri.Scheme}://{uri.Host}" : string.Create(null, $"{uri.Scheme}://{uri.Host}:{uri.Port}"));

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= LabelCharsMax && label.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
