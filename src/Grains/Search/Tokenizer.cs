using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>
/// What a text is found by; pure, linear in the text's length, the same for both stores. Tokens of a folded text are
/// <list type="bullet">
/// <item>its words: every longest run of letters, digits and <c>_</c>;</item>
/// <item>its joints: two words with what ties them, where that is 1 to 3 signs without white space. Of
/// <c>ann@mail.example.com</c> they are <c>ann@mail</c>, <c>mail.example</c> and <c>example.com</c>, of <c>apt-get</c> itself;</item>
/// <item>its signed words: with the <c>#</c> before or the <c>#</c> or <c>+</c> behind (<c>#123</c>, <c>c#</c>, <c>g+</c> of <c>g++</c>).</item>
/// </list>
/// Whole identifiers need no token of their own, and none would do: a text that holds <c>10.0.0.1</c> as grep understands it
/// (<c>http://10.0.0.1:80/</c>, <c>10.0.0.1-10</c>) has all of its joints, however it goes on. That is the rule everything rests on:
/// <b>a text that contains an expression between word boundaries has every token of the expression</b>. The tokens find few
/// texts that may; <see cref="SearchTerm"/> says which do.
/// </summary>
internal static class Tokenizer
{
    /// <summary>Longer words are known by their beginning, in UTF-16 code units.</summary>
    internal const int WordCharsMax = 64;

    /// <summary>Longer runs of signs tie nothing together.</summary>
    internal const int TieCharsMax = 3;

    /// <summary>Every token once, in order of appearance.</summary>
    internal static IReadOnlyList<string> Tokens(string folded)
    {
        var tokens = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var before = default(Range?);
        foreach (var word in Words(folded))
        {
            if (before is { } last && IsTie(folded.AsSpan(last.End.Value..word.Start.Value)))
            {
                Add(string.Concat(Cut(folded, last), folded.AsSpan(last.End.Value..word.Start.Value), Cut(folded, word)));
            }

            Add(Cut(folded, word).ToString());
            if (word.Start.Value > 0 && folded[word.Start.Value - 1] == '#')
            {
                Add(string.Concat("#", Cut(folded, word)));
            }

            if (word.End.Value < folded.Length && folded[word.End.Value] is '#' or '+')
            {
                Add(string.Concat(Cut(folded, word), folded.AsSpan(word.End.Value, 1)));
            }

            before = word;
        }

        return tokens;

        void Add(string token)
        {
            if (known.Add(token))
            {
                tokens.Add(token);
            }
        }
    }

    /// <summary>
    /// The last word of an expression that may go on, as the beginning of a token: its joint with the word before, or the word
    /// alone; and the word itself. Nothing when the expression does not end with a word.
    /// </summary>
    internal static (string? Open, string? Word) LastAsPrefix(string folded)
    {
        var (before, last) = (default(Range?), default(Range?));
        foreach (var word in Words(folded))
        {
            (before, last) = (last, word);
        }

        if (last is not { } end || end.End.Value != folded.Length)
        {
            return default;
        }

        var cut = Cut(folded, end).ToString();
        return before is { } first && IsTie(folded.AsSpan(first.End.Value..end.Start.Value))
            ? (string.Concat(Cut(folded, first), folded.AsSpan(first.End.Value..end.Start.Value), cut), cut)
            : (cut, cut);
    }

    private static IEnumerable<Range> Words(string folded)
    {
        var start = -1;
        for (var i = 0; i < folded.Length;)
        {
            if (TextFold.IsWordAt(folded, i, out var length))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return start..i;
                start = -1;
            }

            i += length;
        }

        if (start >= 0)
        {
            yield return start..folded.Length;
        }
    }

    private static ReadOnlySpan<char> Cut(string folded, Range word)
    {
        var text = folded.AsSpan(word);
        return text.Length <= WordCharsMax ? text : text[..(char.IsHighSurrogate(text[WordCharsMax - 1]) ? WordCharsMax - 1 : WordCharsMax)];
    }

    /// <summary>Visible signs of ASCII: what every index can hold within a token.</summary>
    private static bool IsTie(ReadOnlySpan<char> between) =>
        between.Length is >= 1 and <= TieCharsMax && !between.ContainsAnyExceptInRange('!', '~');
}
