using System.Text;

namespace OrleansChat.Identity;

/// <summary>
/// How ids are written inside keys. <c>/</c> separates the parts of a key and <c>~</c> the two people of a direct
/// conversation; an id that holds one of them (or <c>%</c>) is encoded, never refused.
/// </summary>
internal static class KeyText
{
    internal const char PartSeparator = '/';
    internal const char PairSeparator = '~';

    internal static string Encode(string id)
    {
        if (id.AsSpan().IndexOfAny(PartSeparator, PairSeparator, '%') < 0)
        {
            return id;
        }

        return new StringBuilder(id).Replace("%", "%25").Replace("/", "%2F").Replace("~", "%7E").ToString();
    }

    /// <summary>The id that <see cref="Encode"/> wrote; null when the text is not its output.</summary>
    internal static string? Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var id = new StringBuilder(text).Replace("%2F", "/").Replace("%7E", "~").Replace("%25", "%").ToString();
        return Encode(id) == text ? id : null;
    }
}
