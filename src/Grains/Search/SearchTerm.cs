using System.Collections.Immutable;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>
/// One thing that a text shall contain, or not: a word as grep's <c>-w</c> takes it (no letter, digit or <c>_</c> right before or
/// behind), a phrase of such words with nothing but signs and spaces between them, or the beginning of a word. Pure.
/// </summary>
public sealed record SearchTerm
{
    /// <summary>Folded, each without white space; more than one in a phrase only.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>The last word may go on.</summary>
    public bool Prefix { get; init; }

    /// <summary>The text must not contain it.</summary>
    public bool Negated { get; init; }

    /// <summary>Whether a folded text is as the term wants it.</summary>
    internal bool Accepts(string folded) => IsIn(folded) != Negated;

    /// <summary>Adds the tokens that every text has which contains the term.</summary>
    internal void AddTokens(ISet<SearchToken> tokens)
    {
        for (var i = 0; i < Words.Length; i++)
        {
            var (open, last) = Prefix && i == Words.Length - 1 ? Tokenizer.LastAsPrefix(Words[i]) : default;
            foreach (var token in Tokenizer.Tokens(Words[i]))
            {
                // What ends with the open word may be longer in the text.
                if (last is null || !token.EndsWith(last, StringComparison.Ordinal))
                {
                    tokens.Add(new SearchToken(token, Prefix: false));
                }
            }

            if (open is not null)
            {
                tokens.Add(new SearchToken(open, Prefix: true));
            }
        }
    }

    private bool IsIn(string folded)
    {
        for (var from = 0; from <= folded.Length;)
        {
            var at = folded.IndexOf(Words[0], from, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            if (IsAt(folded, at, 0) && FollowsFrom(folded, at + Words[0].Length))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    /// <summary>Whether the words after the first stand behind this place, one after the other.</summary>
    private bool FollowsFrom(string folded, int end)
    {
        for (var word = 1; word < Words.Length; word++)
        {
            var next = end;
            while (!(string.CompareOrdinal(folded, next, Words[word], 0, Words[word].Length) == 0 && IsAt(folded, next, word)))
            {
                if (next == folded.Length || TextFold.IsWordAt(folded, next, out _))
                {
                    return false;
                }

                next++;
            }

            end = next + Words[word].Length;
        }

        return true;
    }

    /// <summary>Whether a word that was found here stands alone.</summary>
    private bool IsAt(string folded, int at, int word)
    {
        var end = at + Words[word].Length;
        var open = Prefix && word == Words.Length - 1;
        return !TextFold.IsWordBefore(folded, at) && (open || end == folded.Length || !TextFold.IsWordAt(folded, end, out _));
    }
}

/// <summary>What the index is asked for.</summary>
/// <param name="Text">A token, or its beginning.</param>
/// <param name="Prefix">Every token that begins so will do.</param>
internal readonly record struct SearchToken(string Text, bool Prefix);
