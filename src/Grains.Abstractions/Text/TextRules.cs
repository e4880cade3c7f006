using System.Text;

namespace OrleansChat.Text;

/// <summary>What a text that people write may be; pure. Bounds count what is stored, that is the text after NFC.</summary>
public static class TextRules
{
    /// <summary>The text in NFC; null when it holds U+0000 or a lone surrogate (PG8).</summary>
    public static string? Normalize(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return null;
            }

            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return null;
                }

                i++;
            }
        }

        return text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
    }

    /// <summary>Whether a well-formed text has more Unicode scalars than the bound.</summary>
    public static bool HasMoreScalarsThan(string text, int bound)
    {
        if (text.Length <= bound)
        {
            return false;
        }

        var scalars = 0;
        foreach (var unit in text)
        {
            if (!char.IsLowSurrogate(unit) && ++scalars > bound)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first scalars of a well-formed text.</summary>
    public static string Cut(string text, int scalarsMax)
    {
        if (text.Length <= scalarsMax)
        {
            return text;
        }

        var scalars = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLowSurrogate(text[i]) && ++scalars > scalarsMax)
            {
                return text[..i];
            }
        }

        return text;
    }

    /// <summary>A name without surrounding white space, in NFC; null when empty, too long, or with control characters.</summary>
    public static string? Name(string name, int scalarsMax)
    {
        // Bounded before any work: NFC makes one scalar of at most four code units; the rest is room for white space.
        if (name.Length > scalarsMax * 8)
        {
            return null;
        }

        var normalized = Normalize(name)?.Trim();
        return string.IsNullOrEmpty(normalized) || normalized.Any(char.IsControl) || HasMoreScalarsThan(normalized, scalarsMax) ? null : normalized;
    }
}
