using System.Globalization;
using System.Text;

namespace OrleansChat.Grains.Conversations;

/// <summary>What may be a reaction: one emoji, as Unicode makes them (one grapheme of symbols, modifiers and joiners). Pure.</summary>
internal static class EmojiRules
{
    /// <summary>Longest emoji, in UTF-16 code units: a family of four with skin tones, or a flag of a region.</summary>
    internal const int CharsMax = 40;

    private const int Joiner = 0x200D;
    private const int EmojiStyle = 0xFE0F;
    private const int Keycap = 0x20E3;

    internal static bool IsEmoji(string text)
    {
        if (text.Length is 0 or > CharsMax || StringInfo.GetNextTextElementLength(text) != text.Length)
        {
            return false;
        }

        var (symbols, styled) = (0, text.Contains((char)EmojiStyle, StringComparison.Ordinal));
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSymbol(rune, styled))
            {
                symbols++;
            }
            else if (!IsPartOfOne(rune))
            {
                return false;
            }
        }

        return symbols > 0;
    }

    private static bool IsSymbol(Rune rune, bool styled) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.OtherSymbol => true,
        UnicodeCategory.MathSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation => styled,
        UnicodeCategory.DecimalDigitNumber => styled && rune.IsAscii,
        UnicodeCategory.EnclosingMark => rune.Value == Keycap,
        _ => false,
    };

    /// <summary>Joiners, styles, skin tones, and the letters of a region's flag.</summary>
    private static bool IsPartOfOne(Rune rune) =>
        rune.Value is Joiner or EmojiStyle or (>= 0x1F3FB and <= 0x1F3FF) or (>= 0xE0020 and <= 0xE007F);
}
