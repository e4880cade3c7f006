namespace OrleansChat.Grains.Search;

/// <summary>What can be seen from a text itself; pure, one pass each.</summary>
internal static class MessageMarks
{
    internal static SearchMarks Of(string text) =>
        (HasLink(text) ? SearchMarks.HasLink : SearchMarks.None) | (HasCode(text) ? SearchMarks.HasCode : SearchMarks.None);

    /// <summary><c>http://</c> or <c>https://</c> with something behind it.</summary>
    private static bool HasLink(string text)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
        {
            var scheme = text.AsSpan(0, at);
            if ((scheme.EndsWith("http", StringComparison.OrdinalIgnoreCase) || scheme.EndsWith("https", StringComparison.OrdinalIgnoreCase))
                && at + 3 < text.Length && !char.IsWhiteSpace(text[at + 3]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Something between two backticks of a line, or a fence of three.</summary>
    private static bool HasCode(string text)
    {
        if (text.Contains("```", StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var open = line.IndexOf('`');
            if (open >= 0 && line[(open + 1)..].LastIndexOf('`') > 0)
            {
                return true;
            }
        }

        return false;
    }
}
