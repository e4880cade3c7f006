using System.Collections.Immutable;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Tenants;

/// <summary>Finds people by name or id; pure. Case and accents do not matter (rules N2, L4).</summary>
internal sealed class PeopleSearch
{
    private readonly ImmutableArray<Entry> _entries;

    internal PeopleSearch(IEnumerable<Person> people) =>
        _entries = [.. people.Where(person => person.Active).Select(Entry.Of).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    internal ImmutableArray<Person> Find(string text, int limit)
    {
        if (TextRules.Normalize(text) is not { } normalized)
        {
            return []; // No name is ill-formed.
        }

        var wanted = TextFold.Fold(normalized.Trim());
        return wanted.Length == 0
            ? [.. _entries.Take(limit).Select(entry => entry.Person)]
            : [.. _entries
                .Select(entry => (entry.Person, Match: entry.MatchOf(wanted)))
                .Where(found => found.Match != NameMatch.None)
                .OrderBy(found => found.Match) // Stable: equal matches stay in order of name.
                .Take(limit)
                .Select(found => found.Person)];
    }

    private sealed record Entry(Person Person, string Name, string Id)
    {
        internal static Entry Of(Person person) => new(person, TextFold.Fold(person.Name), TextFold.Fold(person.UserId.Value));

        internal NameMatch MatchOf(string wanted)
        {
            var byName = NameMatching.Of(Name, wanted);
            var byId = NameMatching.Of(Id, wanted);
            return byName < byId ? byName : byId;
        }
    }
}
