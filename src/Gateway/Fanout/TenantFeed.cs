using System.Collections.Concurrent;
using System.Collections.Frozen;
using Orleans.Streams;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// Everything that one tenant's sessions on this gateway hear: one subscription per shard, however many sessions and
/// conversations there are.
/// </summary>
internal sealed class TenantFeed(
    TenantId id, IGrainLink grains, RepairReads repairs, FanoutOptions options, TimeProvider time, GatewayInstruments instruments, ILogger logger)
{
    private static readonly TimeSpan UnsubscribeTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ConversationId, ConversationFeed> _conversations = [];
    private readonly ConcurrentDictionary<ConversationFeed, byte> _failed = [];
    private readonly Lock _lock = new();
    private List<Func<Task>> _unsubscribe = [];
    private Task? _subscribing;
    private volatile bool _released;

    /// <summary>Repairs since an event last came.</summary>
    private int _repairsInRow;

    internal TenantId Id => id;

    internal FanoutOptions Options => options;

    internal RepairReads Repairs => repairs;

    internal TenantSessions Sessions { get; } = new();

    internal TenantWatches Watches { get; } = new(id, grains, time, instruments, logger);

    /// <summary>What the sessions may do.</summary>
    internal AdmissionRefresh Admissions => field ??= new AdmissionRefresh(id, Sessions, grains, logger);

    /// <summary>When the last session left; null while there is one.</summary>
    internal DateTimeOffset? EmptySince { get; set; }

    internal IConversationGrain Grain(ConversationId conversation) =>
        grains.Client.GetGrain<IConversationGrain>(new ConversationKey(id, conversation).ToString());

    /// <summary>False until events come by the stream, and again when its client was replaced; repair works without.</summary>
    internal bool IsSubscribed { get; set; }

    /// <summary>
    /// Begins to listen; when it listens already, anew, and only then ends what was before: nothing is missed between. One
    /// at a time: who asks while one is under way waits for that one.
    /// </summary>
    internal Task SubscribeAsync()
    {
        lock (_lock)
        {
            return _subscribing is { IsCompleted: false } underWay ? underWay : _subscribing = ListenAsync();
        }
    }

    /// <summary>Stops listening for good.</summary>
    internal Task UnsubscribeAsync()
    {
        List<Func<Task>> former;
        lock (_lock)
        {
            _released = true;
            (former, _unsubscribe) = (_unsubscribe, []);
        }

        return EndAsync(former);
    }

    /// <summary>Counts that events were missing, again without any having come between.</summary>
    /// <returns>True when it seems that none come any more.</returns>
    internal bool SeemsDeaf() => Interlocked.Increment(ref _repairsInRow) >= options.DeafAfterRepairs;

    /// <summary>The recent changes that have not come by the stream.</summary>
    internal List<RecentChange> Missing(IEnumerable<RecentChange> recent)
    {
        List<RecentChange> missing = [];
        foreach (var change in recent)
        {
            if (!_conversations.TryGetValue(change.ConversationId, out var feed) || feed.IsBehind(change))
            {
                missing.Add(change);
            }
        }

        return missing;
    }

    internal void Repair(RecentChange recent) => FeedOf(recent.ConversationId).Repair(recent, time.GetTimestamp());

    /// <summary>Forgets the conversations that were quiet longest when there are more than the bound.</summary>
    internal void Trim()
    {
        if (_conversations.Count <= options.ConversationsMax)
        {
            return;
        }

        foreach (var feed in _conversations.Values.OrderBy(feed => feed.TouchedAt).Take(_conversations.Count - (options.ConversationsMax * 9 / 10)))
        {
            _conversations.TryRemove(feed.Id, out _);
        }
    }

    /// <summary>
    /// Queues changes for the sessions of the members here, and of people that a membership fact names (who may be no
    /// members any more). One frame, made once, when somebody is here to get it.
    /// </summary>
    internal void Deliver(ConversationId conversation, ReadOnlySpan<ConversationChange> changes, FrozenSet<UserId> members)
    {
        Frame? frame = null;
        var sessions = 0;
        if (members.Count <= Sessions.Users)
        {
            foreach (var member in members)
            {
                foreach (var session in Sessions.Of(member))
                {
                    session.Send(frame ??= ToFrame(conversation, changes));
                    sessions++;
                }
            }
        }
        else
        {
            foreach (var (user, sessionsOfUser) in Sessions.All)
            {
                if (members.Contains(user))
                {
                    foreach (var session in sessionsOfUser)
                    {
                        session.Send(frame ??= ToFrame(conversation, changes));
                        sessions++;
                    }
                }
            }
        }

        foreach (var change in changes)
        {
            foreach (var target in change.Posted?.Fact?.Targets ?? [])
            {
                if (!members.Contains(target))
                {
                    foreach (var session in Sessions.Of(target))
                    {
                        session.Send(ToFrame(conversation, [change]));
                        sessions++;
                    }
                }
            }
        }

        instruments.OnDelivered(sessions);
    }

    /// <summary>Tells all sessions of these people to read again what they show.</summary>
    internal void Resync(IEnumerable<UserId> users)
    {
        foreach (var user in users)
        {
            foreach (var session in Sessions.Of(user))
            {
                session.Resync();
            }
        }
    }

    internal void OnGapRead() => instruments.OnGapRead();

    /// <summary>A question to a grain failed; the next repair asks again.</summary>
    internal void OnAskFailed(ConversationFeed feed, Exception exception)
    {
        _failed.TryAdd(feed, 0);
        FanoutLog.AskFailed(logger, id, feed.Id, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
    }

    /// <summary>Asks again what could not be answered before.</summary>
    internal void AskAgain()
    {
        foreach (var (feed, _) in _failed)
        {
            _failed.TryRemove(feed, out _);
            feed.AskAgain();
        }
    }

    private static Frame ToFrame(ConversationId conversation, ReadOnlySpan<ConversationChange> changes)
    {
        if (changes.Length == 1)
        {
            var (eventName, payload) = changes[0].ToEvent(conversation);
            return Frame.Of(eventName, payload);
        }

        var events = new List<(string, object)>(changes.Length);
        foreach (var change in changes)
        {
            events.Add(change.ToEvent(conversation));
        }

        return Frame.Of(events);
    }

    private Task OnAppended(ConversationAppended appended)
    {
        // The stream says whose it is; an event of another tenant on it would be a defect, and must not reach anybody.
        if (appended.TenantId == id)
        {
            _repairsInRow = 0;
            FeedOf(appended.ConversationId).OnAppended(appended, time.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    private Task OnSignal(TenantSignal signal)
    {
        if (signal.TenantId == id)
        {
            switch (signal)
            {
                case ReadCursorMoved or ReadCursorsMoved or NotificationsChanged or MentionMarked or NotifyNow or DraftChanged:
                    InboxSignals.Deliver(signal, Sessions);
                    break;
                case PresenceChanged changed:
                    Watches.OnChanged(changed.Presence);
                    break;
                case TypingChanged typing:
                    Deliver(typing);
                    break;
                case PeopleChanged changed:
                    _ = Admissions.OnChangedAsync(changed); // Never awaited: the stream goes on.
                    break;
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// To those who have the conversation open; of a direct one to all of the peer's sessions, for the row in the list (rule T4).
    /// The conversation's grain may be a stale activation that does not know of a removal: what is known here counts too.
    /// </summary>
    internal void Deliver(TypingChanged typing)
    {
        Frame? frame = null;
        var sessions = 0;
        _conversations.TryGetValue(typing.ConversationId, out var feed);
        foreach (var recipient in typing.Recipients)
        {
            if (feed is not null && !feed.MayBeMember(recipient))
            {
                continue;
            }

            foreach (var session in Sessions.Of(recipient))
            {
                if (typing.ConversationId.IsDirect || session.Views.Contains(typing.ConversationId))
                {
                    session.Send(frame ??= Frame.Of(
                        EventNames.Typing,
                        new TypingEvent { ConversationId = typing.ConversationId.Value, UserId = typing.UserId.Value, Typing = typing.Typing },
                        droppable: true));
                    sessions++;
                }
            }
        }

        instruments.OnDelivered(sessions);
    }

    private async Task ListenAsync()
    {
        await Task.Yield(); // Out of the caller's lock.
        IClusterClient client;
        do
        {
            client = grains.Client;
            var fresh = await SubscribeAsync(client.GetStreamProvider(TenantStreams.Provider));
            List<Func<Task>> former;
            lock (_lock)
            {
                (former, _unsubscribe) = _released ? (fresh, _unsubscribe) : (_unsubscribe, fresh);
            }

            _ = EndAsync(former); // Not awaited: its client may be one that does not answer.
        }
        while (client != grains.Client && !_released);

        _repairsInRow = 0;
        IsSubscribed = true;
    }

    private async Task<List<Func<Task>>> SubscribeAsync(IStreamProvider provider)
    {
        List<Func<Task>> unsubscribe = [];
        try
        {
            for (var shard = 0; shard < options.StreamShards; shard++)
            {
                var messages = await provider.GetStream<ConversationAppended>(TenantStreams.Messages(id, shard))
                    .SubscribeAsync((appended, _) => OnAppended(appended));
                unsubscribe.Add(messages.UnsubscribeAsync);
            }

            var signals = await provider.GetStream<TenantSignal>(TenantStreams.Signals(id)).SubscribeAsync((signal, _) => OnSignal(signal));
            unsubscribe.Add(signals.UnsubscribeAsync);
            return unsubscribe;
        }
        catch
        {
            _ = EndAsync(unsubscribe); // Else half a subscription would stay for ever.
            throw;
        }
    }

    private async Task EndAsync(List<Func<Task>> subscriptions)
    {
        foreach (var unsubscribe in subscriptions)
        {
            try
            {
                await unsubscribe().WaitAsync(UnsubscribeTimeout);
            }
            catch (Exception exception)
            {
                // The client that subscribed may be gone, and its subscription with it.
                FanoutLog.UnsubscribeFailed(logger, id, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
            }
        }
    }

    private ConversationFeed FeedOf(ConversationId conversation) =>
        _conversations.GetOrAdd(conversation, static (id, tenant) => new ConversationFeed(tenant, id), this);
}
