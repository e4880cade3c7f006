using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Search;

/// <summary>
/// One person's search through the messages of their conversations (key: <see cref="UserKey"/>). Stateless: any number of workers.
/// </summary>
[Alias("chat.ISearchGrain")]
public interface ISearchGrain : IGrainWithStringKey
{
    /// <summary>Messages that are as the query says, newest first; of conversations that the caller belongs to now (rules L5, L6).</summary>
    [Alias("SearchAsync")]
    Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken);
}

/// <summary>A question for messages.</summary>
[GenerateSerializer, Immutable, Alias("chat.SearchQuery")]
public sealed record SearchQuery
{
    /// <summary>Who searches.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>Words and operators, as docs/protocol.md has them; at most 500 scalars.</summary>
    [Id(1)]
    public required string Text { get; init; }

    /// <summary>At most so many messages, 1 to 50.</summary>
    [Id(2)]
    public required int Limit { get; init; }

    /// <summary>The <see cref="SearchPage.Next"/> of the page before; null for the first page.</summary>
    [Id(3)]
    public long? After { get; init; }
}

/// <summary>The answer to a question for messages.</summary>
[GenerateSerializer, Immutable, Alias("chat.SearchResult")]
public sealed record SearchResult
{
    /// <summary>What is wrong with the query, for people; null when it was understood.</summary>
    [Id(0)]
    public string? Invalid { get; init; }

    /// <summary>What was found; null with <see cref="Invalid"/>.</summary>
    [Id(1)]
    public SearchPage? Page { get; init; }
}

/// <summary>A page of messages that were found.</summary>
[GenerateSerializer, Immutable, Alias("chat.SearchPage")]
public sealed record SearchPage
{
    /// <summary>Newest first.</summary>
    [Id(0)]
    public required ImmutableArray<FoundMessage> Messages { get; init; }

    /// <summary>Where the search goes on, also when this page is short; null at its end.</summary>
    [Id(1)]
    public long? Next { get; init; }
}

/// <summary>A message that was found, and where.</summary>
[GenerateSerializer, Immutable, Alias("chat.FoundMessage")]
public sealed record FoundMessage
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)]
    public required ConversationKind Kind { get; init; }

    /// <summary>A group's name; null for a direct conversation.</summary>
    [Id(2)]
    public string? Title { get; init; }

    /// <summary>The message.</summary>
    [Id(3)]
    public required Message Message { get; init; }
}
