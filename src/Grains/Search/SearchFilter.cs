using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>Which messages somebody looks for, with everything resolved that a store does not know.</summary>
public sealed record SearchFilter
{
    /// <summary>What texts shall contain, all of it.</summary>
    public ImmutableArray<SearchTerm> Terms { get; init; } = [];

    /// <summary>Authors, any of them; empty for everybody.</summary>
    public ImmutableArray<UserId> From { get; init; } = [];

    /// <summary>Conversations, any of them, by id or by name or former name; empty for all.</summary>
    public ImmutableArray<string> In { get; init; } = [];

    /// <summary>Of each of these lists somebody is a member too.</summary>
    public ImmutableArray<ImmutableArray<UserId>> With { get; init; } = [];

    /// <summary>Written then or later.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Written earlier.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>What else holds for the message.</summary>
    public SearchMarks Marks { get; init; }

    /// <summary>
    /// Whether a text is meant. Said of the text as it is now, whatever the index believes: a hit is never a stale one. The
    /// marks that depend on the searcher are the store's to check.
    /// </summary>
    internal bool Accepts(string text)
    {
        var asked = Marks & (SearchMarks.HasLink | SearchMarks.HasCode);
        if (asked != SearchMarks.None && (MessageMarks.Of(text) & asked) != asked)
        {
            return false;
        }

        if (Terms.IsEmpty)
        {
            return true;
        }

        var folded = TextFold.Fold(text);
        foreach (var term in Terms)
        {
            if (!term.Accepts(folded))
            {
                return false;
            }
        }

        return true;
    }
}
