using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Search;

/// <summary>
/// Keeps the search index behind the log by a moment: first it looks at all conversations (a new index, what a stopped process left),
/// then, again and again, at those that changed. Every process that hosts grains has one; on a shared database one of them
/// writes at a time. Posting knows nothing of it. What fails is tried again; meanwhile searches find what is indexed.
/// </summary>
internal sealed partial class SearchIndexer(
    ISearchStore store, IOptions<SearchOptions> options, SearchInstruments instruments, TimeProvider time, ILogger<SearchIndexer> logger) : BackgroundService
{
    private DateTimeOffset? _since;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The host starts meanwhile.
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await CatchUpAsync(stoppingToken).ConfigureAwait(false))
                {
                    instruments.OnCaughtUp();
                }

                failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (!failing && exception is StoreUnavailableException)
                {
                    LogUnavailable(logger, exception);
                }
                else if (!failing)
                {
                    LogFailed(logger, exception);
                }

                failing = true;
            }

            await Task.Delay(options.Value.IndexInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Indexes what is behind now.</summary>
    /// <returns>False when another process is at it.</returns>
    internal async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_since is { } since)
        {
            var recent = await store.ReadBehindAsync(since, after: null, cancellationToken).ConfigureAwait(false);
            if (!await IndexAsync(recent.Conversations, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            _since = recent.At;
            return true;
        }

        DateTimeOffset? began = null;
        ConversationKey? after = null;
        while (true)
        {
            var page = await store.ReadBehindAsync(since: null, after, cancellationToken).ConfigureAwait(false);
            began ??= page.At;
            if (page.Conversations.IsEmpty)
            {
                _since = began;
                return true;
            }

            if (!await IndexAsync(page.Conversations, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            after = page.Conversations[^1];
        }
    }

    /// <returns>False when another process is at it.</returns>
    private async Task<bool> IndexAsync(ImmutableArray<ConversationKey> conversations, CancellationToken cancellationToken)
    {
        while (!conversations.IsEmpty)
        {
            if (await store.IndexAsync(conversations, options.Value.IndexRevsMax, cancellationToken).ConfigureAwait(false) is not { } indexed)
            {
                return false;
            }

            instruments.OnIndexed(indexed.Revs);
            conversations = conversations[indexed.Conversations..];
        }

        return true;
    }

    [LoggerMessage(7301, LogLevel.Warning, "The store does not take the search index; new messages are found when it does.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(7302, LogLevel.Error, "The search index cannot be brought up to the log; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
