using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>Where somebody searches; pure.</summary>
internal static class SearchScope
{
    /// <summary>
    /// Beyond so many conversations the index is asked of the whole tenant, and what is not the searcher's is passed over: the
    /// index would look into the list of every single one.
    /// </summary>
    internal const int NamedMax = 200;

    /// <summary>The conversations that these texts name: by id, by a name that is equal, or, where none is, by the beginning of one.</summary>
    /// <param name="wanted">Ids or names.</param>
    /// <param name="titles">Names and former names of conversations.</param>
    internal static IEnumerable<ConversationId> Named(ImmutableArray<string> wanted, IReadOnlyCollection<(ConversationId Id, string? Title)> titles)
    {
        var folded = titles.Select(entry => (entry.Id, Title: entry.Title is null ? null : TextFold.Fold(entry.Title))).ToArray();
        foreach (var text in wanted)
        {
            var name = TextFold.Fold(text);
            var equal = folded.Where(entry => entry.Id.Value == text || entry.Title == name).ToArray();
            foreach (var entry in equal.Length > 0 ? equal : folded.Where(entry => entry.Title?.StartsWith(name, StringComparison.Ordinal) == true))
            {
                yield return entry.Id;
            }
        }
    }
}
