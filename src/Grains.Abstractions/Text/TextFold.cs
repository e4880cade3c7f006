using System.Globalization;
using System.Text;

namespace OrleansChat.Text;

/// <summary>
/// Texts as they are compared where people look for something: without case, accents and other variants of a letter. One
/// fold for names and messages; pure, and linear in the text's length, because marks are dropped letter by letter and never sorted.
/// </summary>
public static class TextFold
{
    /// <summary>What a letter of the BMP folds to, once it was asked for.</summary>
    private static readonly string?[] Known = new string?[char.MaxValue + 1];

    /// <summary>The text in lower case, compatibility variants resolved (NFKD), without the marks that stand on letters.</summary>
    /// <param name="text">In NFC, so that texts that look alike fold alike.</param>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var folded = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                folded.Append(char.ToLowerInvariant((char)rune.Value));
            }
            else
            {
                folded.Append(rune.IsBmp ? Known[rune.Value] ??= FoldOne(rune) : FoldOne(rune));
            }
        }

        return folded.ToString();
    }

    /// <summary>Whether a letter of a folded text belongs to a word; whatever does not, separates words.</summary>
    public static bool IsWord(Rune rune) =>
        rune.IsAscii
            ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '_'
            : Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether a word stands at this place of a folded text, and how many UTF-16 code units the letter or sign there has.</summary>
    public static bool IsWordAt(string folded, int at, out int length)
    {
        var unit = folded[at];
        if (char.IsAscii(unit))
        {
            length = 1;
            return char.IsAsciiLetterOrDigit(unit) || unit == '_';
        }

        Rune.DecodeFromUtf16(folded.AsSpan(at), out var rune, out length);
        return IsWord(rune);
    }

    /// <summary>Whether a word ends right before this place of a folded text.</summary>
    public static bool IsWordBefore(string folded, int at)
    {
        if (at == 0 || char.IsAscii(folded[at - 1]))
        {
            return at > 0 && IsWordAt(folded, at - 1, out _);
        }

        Rune.DecodeLastFromUtf16(folded.AsSpan(0, at), out var rune, out _);
        return IsWord(rune);
    }

    private static string FoldOne(Rune rune)
    {
        var folded = new StringBuilder();
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark)
            {
                folded.Append(Plain(Rune.ToLowerInvariant(part)));
            }
        }

        return folded.ToString();
    }

    /// <summary>Letters that are variants for people, but not for Unicode.</summary>
    private static string Plain(Rune lower) => lower.Value switch
    {
        'ı' => "i",
        'ß' => "ss",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ς' => "σ",
        _ => lower.ToString(),
    };
}
