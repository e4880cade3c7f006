using System.Collections.Immutable;
using System.Globalization;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>
/// Reads a query (rule L5): words, <c>"phrases"</c>, <c>prefix*</c>, each with <c>-</c> before it for its absence, and operators
/// <c>name:value</c>. What only looks like an operator (<c>http://…</c>, <c>foo:bar</c>) is a word. Pure; refusals are sentences for people.
/// </summary>
internal sealed class SearchParser
{
    private const int PrefixLettersMin = 2;

    private static readonly string[] Names = ["from", "in", "with", "before", "after", "on", "has", "is"];

    private readonly string _text;
    private readonly ImmutableArray<SearchTerm>.Builder _terms = ImmutableArray.CreateBuilder<SearchTerm>();
    private readonly List<string> _from = [];
    private readonly List<string> _in = [];
    private readonly List<string> _with = [];
    private DateTimeOffset? _notBefore;
    private DateTimeOffset? _before;
    private SearchMarks _marks;
    private int _at;
    private int _parts;

    private SearchParser(string text) => _text = text;

    /// <summary>The expression, or why there is none.</summary>
    /// <param name="text">In NFC.</param>
    /// <param name="partsMax">Most words (those of phrases too) and operators.</param>
    internal static (SearchExpression? Expression, string? Refusal) Parse(string text, int partsMax)
    {
        var parser = new SearchParser(text);
        if (parser.ReadAll() is { } refusal)
        {
            return (null, refusal);
        }

        return parser._parts switch
        {
            0 => (null, "The query is empty."),
            _ when parser._parts > partsMax => (null, $"The query has more than {partsMax} words and operators."),
            _ => (parser.Expression(), null),
        };
    }

    private SearchExpression Expression() => new()
    {
        Terms = _terms.ToImmutable(),
        From = [.. _from],
        In = [.. _in],
        With = [.. _with],
        NotBefore = _notBefore,
        Before = _before,
        Marks = _marks,
    };

    /// <returns>A refusal.</returns>
    private string? ReadAll()
    {
        while (SkipSpace())
        {
            var negated = _text[_at] == '-' && _at + 1 < _text.Length && _text[_at + 1] != '-' && !char.IsWhiteSpace(_text[_at + 1]);
            _at += negated ? 1 : 0;
            var refusal = IsQuote(_text[_at]) ? ReadPhrase(negated) : OperatorHere() is { } name ? ReadOperator(name, negated) : ReadWord(negated);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private bool SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length;
    }

    private string? ReadPhrase(bool negated)
    {
        if (ReadQuoted() is not { } phrase)
        {
            return "A quotation mark is not closed.";
        }

        ImmutableArray<string> words = [.. TextFold.Fold(phrase).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (words.IsEmpty)
        {
            return "There is nothing between two quotation marks.";
        }

        _parts += words.Length;
        _terms.Add(new SearchTerm { Words = words, Negated = negated });
        return null;
    }

    private string? ReadWord(bool negated)
    {
        var word = ReadToSpace();
        _parts++;
        var prefix = word.Length > 1 && word.EndsWith('*');
        var folded = TextFold.Fold(prefix ? word[..^1] : word);
        if (folded.Length == 0)
        {
            return null; // A lone accent: nothing is left to look for.
        }

        if (prefix && Tokenizer.LastAsPrefix(folded).Word is { } open && open.EnumerateRunes().Count() < PrefixLettersMin)
        {
            return $"There must be at least {PrefixLettersMin} letters before *.";
        }

        _terms.Add(new SearchTerm { Words = [folded], Prefix = prefix, Negated = negated });
        return null;
    }

    private string? ReadOperator(string name, bool negated)
    {
        if (negated)
        {
            return $"{name}: cannot be negated; only words and phrases can.";
        }

        _at += name.Length + 1;
        var value = _at == _text.Length || char.IsWhiteSpace(_text[_at]) ? "" : IsQuote(_text[_at]) ? ReadQuoted() : ReadToSpace();
        if (value is null)
        {
            return "A quotation mark is not closed.";
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            return $"{name}: has no value.";
        }

        _parts++;
        return name switch
        {
            "from" => Keep(_from, value),
            "in" => Keep(_in, value),
            "with" => Keep(_with, value),
            "has" => Mark(name, value, ("link", SearchMarks.HasLink), ("code", SearchMarks.HasCode)),
            "is" => Mark(name, value, ("unread", SearchMarks.IsUnread), ("mentioned", SearchMarks.IsMentioned)),
            _ => ReadTime(name, value),
        };
    }

    private static string? Keep(List<string> values, string value)
    {
        values.Add(value.Trim());
        return null;
    }

    private string? Mark(string name, string value, params ReadOnlySpan<(string Name, SearchMarks Mark)> known)
    {
        foreach (var (knownName, mark) in known)
        {
            if (value.Equals(knownName, StringComparison.OrdinalIgnoreCase))
            {
                _marks |= mark;
                return null;
            }
        }

        return $"{name}: must be followed by {known[0].Name} or {known[1].Name}.";
    }

    /// <summary>A day is that day in UTC; a client that means the reader's day says when it begins, with the offset.</summary>
    private string? ReadTime(string name, string value)
    {
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            var (begin, end) = (new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
            Bound(name == "before" ? null : name == "after" ? end : begin, name == "before" ? begin : name == "on" ? end : null);
            return null;
        }

        if (name != "on" && DateTimeOffset.TryParseExact(
            value, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            Bound(name == "after" ? time : null, name == "before" ? time : null);
            return null;
        }

        return name == "on" ? "on: must be followed by a day (2026-03-01)." : $"{name}: must be followed by a day (2026-03-01) or a time (2026-03-01T09:30+02:00).";
    }

    private void Bound(DateTimeOffset? notBefore, DateTimeOffset? before)
    {
        _notBefore = notBefore > _notBefore || _notBefore is null ? notBefore ?? _notBefore : _notBefore;
        _before = before < _before || _before is null ? before ?? _before : _before;
    }

    private string? OperatorHere() => Array.Find(
        Names, name => string.Compare(_text, _at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
            && _at + name.Length < _text.Length && _text[_at + name.Length] == ':');

    private string ReadToSpace()
    {
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private string? ReadQuoted()
    {
        var start = ++_at;
        while (_at < _text.Length && !IsQuote(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[start.._at++] : null;
    }

    /// <summary>Phones put typographic ones.</summary>
    private static bool IsQuote(char sign) => sign is '"' or '“' or '”' or '„';
}
