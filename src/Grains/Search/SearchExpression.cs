using System.Collections.Immutable;

namespace OrleansChat.Grains.Search;

/// <summary>A query as it was understood; names of people and conversations are not resolved yet.</summary>
internal sealed record SearchExpression
{
    /// <summary>What texts shall contain, all of it.</summary>
    internal ImmutableArray<SearchTerm> Terms { get; init; } = [];

    /// <summary>Authors, any of them, by id or name.</summary>
    internal ImmutableArray<string> From { get; init; } = [];

    /// <summary>Conversations, any of them, by id, name or former name.</summary>
    internal ImmutableArray<string> In { get; init; } = [];

    /// <summary>People who are members too, all of them, by id or name.</summary>
    internal ImmutableArray<string> With { get; init; } = [];

    /// <summary>Written then or later.</summary>
    internal DateTimeOffset? NotBefore { get; init; }

    /// <summary>Written earlier.</summary>
    internal DateTimeOffset? Before { get; init; }

    /// <summary>What else holds for the message.</summary>
    internal SearchMarks Marks { get; init; }
}

/// <summary>What a message has or is, besides its words.</summary>
[Flags]
public enum SearchMarks
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>Its text has a link.</summary>
    HasLink = 1,

    /// <summary>Its text has code between backticks.</summary>
    HasCode = 2,

    /// <summary>The searcher has not read it.</summary>
    IsUnread = 4,

    /// <summary>It mentions the searcher, by name or among all.</summary>
    IsMentioned = 8,
}
