using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Search;

namespace OrleansChat.Grains.Search;

/// <summary>
/// Full text of messages, and the index it is found by. The index follows the log: it is behind for a moment after a post, and can
/// be made anew from the log at any time. What is found is checked against messages, memberships and read cursors as they are.
/// </summary>
/// <remarks>Every method throws <see cref="OrleansChat.Conversations.StoreUnavailableException"/> when the store cannot answer in time.</remarks>
public interface ISearchStore
{
    /// <summary>Longest page, in messages.</summary>
    const int PageMax = 50;

    /// <summary>Most messages looked at for one page. A page may be short, or empty, and have a next one.</summary>
    const int CandidatesMax = 20_000;

    /// <summary>Longest look for one page; what was found by then is the page.</summary>
    static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(1);

    /// <summary>Messages of the searcher's conversations, newest first (rules L5, L6).</summary>
    /// <param name="tenant">Whose conversations.</param>
    /// <param name="searcher">Who must be a member now.</param>
    /// <param name="filter">What is looked for.</param>
    /// <param name="after">The <see cref="SearchPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="limit">At most so many, 1 to 50.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<SearchPage> SearchAsync(TenantId tenant, UserId searcher, SearchFilter filter, long? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Conversations whose index is behind their log. With <paramref name="since"/>, of those that changed after it only (and a
    /// little before: a commit may become visible late).
    /// </summary>
    /// <param name="since"><see cref="BehindPage.At"/> of an earlier answer; null asks of all conversations, by pages.</param>
    /// <param name="after">The last conversation of the page before, when asking of all.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<BehindPage> ReadBehindAsync(DateTimeOffset? since, ConversationKey? after, CancellationToken cancellationToken);

    /// <summary>
    /// Brings conversations nearer to their log, in one commit of at most <paramref name="revsMax"/> changes: the first of them up to
    /// their heads, the last of those perhaps in part.
    /// </summary>
    /// <returns>What was done; null when another process is at it.</returns>
    Task<IndexedChanges?> IndexAsync(IReadOnlyList<ConversationKey> conversations, int revsMax, CancellationToken cancellationToken);
}

/// <summary>Conversations that are to be indexed.</summary>
public sealed record BehindPage
{
    /// <summary>Most conversations of a page, when asking of all.</summary>
    internal const int PageMax = 500;

    /// <summary>The store's clock: what was committed before is in this answer, or was indexed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>In order of tenant and conversation.</summary>
    public required ImmutableArray<ConversationKey> Conversations { get; init; }
}

/// <summary>What one commit of the index did.</summary>
public sealed record IndexedChanges
{
    /// <summary>How many of the named conversations, from the first on, are indexed to their heads.</summary>
    public required int Conversations { get; init; }

    /// <summary>Changes of the log that were gone through.</summary>
    public required int Revs { get; init; }
}
