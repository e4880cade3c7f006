using System.Collections.Immutable;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Hosting;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Gateway.Presence;

/// <summary>
/// Whom one tenant's sessions on this gateway look at, and what these people were last seen as. A change goes to the sessions
/// that watch the person, collected for each session into one packet; what nobody looks at costs nothing.
/// </summary>
internal sealed class TenantWatches(TenantId tenant, IGrainLink grains, TimeProvider time, GatewayInstruments instruments, ILogger logger)
{
    /// <summary>How often watched people are read again; a value that is not older is told without asking.</summary>
    internal static readonly TimeSpan RereadInterval = TimeSpan.FromSeconds(60);

    /// <summary>A value that could not be renewed for so long is unknown (rule P7).</summary>
    internal static readonly TimeSpan ValueTimeMax = 2 * IPresenceGrain.LeaseTime;

    private const int ReadAtOnce = 1_000;

    private readonly LinePace _failurePace = new(time);
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Watched> _watched = [];
    private readonly Dictionary<Session, Watcher> _watchers = [];
    private readonly HashSet<Watcher> _pending = [];

    /// <summary>When the last reading of all watched people ended well.</summary>
    private long _renewedAt = time.GetTimestamp();

    /// <summary>How many people are watched, and by how many sessions.</summary>
    internal (int People, int Sessions) Count
    {
        get
        {
            lock (_lock)
            {
                return (_watched.Count, _watchers.Count);
            }
        }
    }

    /// <summary>From now on a session watches these people and nobody else.</summary>
    /// <returns>What they are seen as now, one for each in the order asked.</returns>
    internal async Task<IReadOnlyList<PersonPresence>> WatchAsync(Session session, IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        List<UserId> unread = [];
        lock (_lock)
        {
            Replace(session, [.. users]);
            foreach (var user in users.Distinct())
            {
                if (!_watched.TryGetValue(user, out var watched) || watched.Known is null || time.GetElapsedTime(watched.ReadAt) >= RereadInterval)
                {
                    unread.Add(user);
                }
            }
        }

        var read = unread.Count == 0 ? [] : await ReadAsync([.. unread], cancellationToken);
        var answers = read.ToDictionary(presence => presence.UserId);
        lock (_lock)
        {
            foreach (var presence in read)
            {
                OnRead(presence, session);
            }

            return [.. users.Select(user => _watched.TryGetValue(user, out var watched) && watched.Known is { } known ? known
                : answers.TryGetValue(user, out var answer) ? answer
                : new PersonPresence { UserId = user, State = PresenceState.Unknown, AsOf = time.GetUtcNow() })];
        }
    }

    /// <summary>A session has ended.</summary>
    internal void Remove(Session session)
    {
        lock (_lock)
        {
            Replace(session, []);
        }
    }

    /// <summary>An event from the stream.</summary>
    internal void OnChanged(PersonPresence presence)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(presence.UserId, out var watched))
            {
                See(watched, presence, except: null);
            }
        }
    }

    /// <summary>Reads everybody who is watched again, which renews what is known and brings what the stream did not.</summary>
    internal async Task RereadAsync(CancellationToken cancellationToken)
    {
        UserId[] users;
        lock (_lock)
        {
            users = [.. _watched.Keys];
        }

        try
        {
            foreach (var chunk in users.Chunk(ReadAtOnce))
            {
                var read = await ReadAsync([.. chunk], cancellationToken);
                lock (_lock)
                {
                    foreach (var presence in read)
                    {
                        OnRead(presence, except: null);
                    }
                }
            }

            _renewedAt = time.GetTimestamp();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failurePace.TryTake(out var others))
            {
                PresenceLog.ReadFailed(logger, tenant, others, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
            }
        }
    }

    /// <summary>Sends each session what has changed for it, as one packet. What a session half behind does not take, it gets with the next one.</summary>
    internal void Flush()
    {
        List<(Watcher Watcher, PersonPresence[] Changes)> packets = [];
        lock (_lock)
        {
            if (time.GetElapsedTime(_renewedAt) > ValueTimeMax)
            {
                ForgetOld();
            }

            foreach (var watcher in _pending)
            {
                packets.Add((watcher, [.. watcher.Changes.Values]));
                watcher.Changes.Clear();
            }

            _pending.Clear();
        }

        var sent = 0;
        Dictionary<PersonPresence, Frame> single = new(ReferenceEqualityComparer.Instance); // Many look at the same person: made once.
        foreach (var (watcher, changes) in packets)
        {
            if (changes.Length > 1 || !single.TryGetValue(changes[0], out var frame))
            {
                frame = Frame.Of(EventNames.Presence, new PresenceEvent { Changes = changes.ToWire() }, droppable: true);
            }

            if (changes.Length == 1)
            {
                single[changes[0]] = frame;
            }

            if (watcher.Session.Send(frame))
            {
                sent++;
            }
            else
            {
                SendLater(watcher, changes);
            }
        }

        instruments.OnDelivered(sent);
    }

    private Task<ImmutableArray<PersonPresence>> ReadAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken) =>
        grains.Client.GetGrain<IPresenceReaderGrain>(new TenantKey(tenant).ToString()).ReadAsync(users, cancellationToken);

    private void Replace(Session session, HashSet<UserId> users)
    {
        if (!_watchers.TryGetValue(session, out var watcher))
        {
            if (users.Count == 0 || session.IsEnded)
            {
                return; // A call of a session that has ended meanwhile must not leave anything behind.
            }

            _watchers.Add(session, watcher = new Watcher(session));
        }

        foreach (var user in watcher.Users.Where(user => !users.Contains(user)))
        {
            watcher.Changes.Remove(user);
            var watched = _watched[user];
            watched.By.Remove(watcher);
            if (watched.By.Count == 0)
            {
                _watched.Remove(user);
            }
        }

        foreach (var user in users)
        {
            if (!_watched.TryGetValue(user, out var watched))
            {
                _watched.Add(user, watched = new Watched());
            }

            watched.By.Add(watcher);
        }

        watcher.Users = users;
        if (watcher.Changes.Count == 0)
        {
            _pending.Remove(watcher);
        }

        if (users.Count == 0)
        {
            _watchers.Remove(session);
        }
    }

    /// <summary>An answer that nobody knows is no news about somebody who was known: who could tell has died a moment ago (rule P3).</summary>
    private void OnRead(PersonPresence presence, Session? except)
    {
        if (_watched.TryGetValue(presence.UserId, out var watched) && (presence.State != PresenceState.Unknown || watched.Known is null))
        {
            See(watched, presence, except);
        }
    }

    private void See(Watched watched, PersonPresence presence, Session? except)
    {
        watched.ReadAt = time.GetTimestamp();
        var before = watched.Known;
        if (presence.AsOf < before?.AsOf)
        {
            return; // An answer that was overtaken by an event.
        }

        watched.Known = presence;
        if (before?.State != presence.State || before.Until != presence.Until)
        {
            foreach (var watcher in watched.By.Where(watcher => watcher.Session != except))
            {
                watcher.Changes[presence.UserId] = presence;
                _pending.Add(watcher);
            }
        }
    }

    private void ForgetOld()
    {
        foreach (var watched in _watched.Values)
        {
            if (watched.Known is { } known && known.State != PresenceState.Unknown && time.GetElapsedTime(watched.ReadAt) > ValueTimeMax)
            {
                var readAt = watched.ReadAt;
                See(watched, known with { State = PresenceState.Unknown, LastSeen = null, Until = null }, except: null); // Still of the time when it was so.
                watched.ReadAt = readAt;
            }
        }
    }

    private void SendLater(Watcher watcher, PersonPresence[] changes)
    {
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (watcher.Users.Contains(change.UserId) && watcher.Changes.TryAdd(change.UserId, change))
                {
                    _pending.Add(watcher);
                }
            }
        }
    }

    /// <summary>One person, and who looks.</summary>
    private sealed class Watched
    {
        internal HashSet<Watcher> By { get; } = [];

        internal PersonPresence? Known { get; set; }

        internal long ReadAt { get; set; }
    }

    /// <summary>One session, whom it looks at, and what it has not been told yet.</summary>
    private sealed class Watcher(Session session)
    {
        internal Session Session => session;

        internal HashSet<UserId> Users { get; set; } = [];

        internal Dictionary<UserId, PersonPresence> Changes { get; } = [];
    }
}
