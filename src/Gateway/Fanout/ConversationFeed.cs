using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// One conversation as this gateway forwards it: the last <c>rev</c> that was forwarded, and the members it goes to.
/// Events with the next rev go out at once, on the thread that brought them; what needs a question to the grain first
/// (members not known or outdated, a hole in the revs) waits here in order.
/// </summary>
internal sealed class ConversationFeed(TenantFeed tenant, ConversationId id)
{
    private readonly Lock _lock = new();
    private readonly Queue<ConversationAppended> _waiting = new();
    private int _waitingChanges;
    private bool _asking;

    /// <summary>Waits for its turn to be repaired.</summary>
    private bool _inTurn;

    /// <summary>Last rev that was forwarded; 0 while nothing was.</summary>
    private long _rev;

    /// <summary>First rev that was forwarded, or read to be; what changed lately before it may have been lost on its way.</summary>
    private long _firstRev;

    /// <summary>Rev from which on the log is known to have changed lately; what is missing between it and the first is read, once.</summary>
    private long _wantedFrom = long.MaxValue;

    /// <summary>Rev that the log is known to have reached; what is missing up to here is read from it.</summary>
    private long _target;
    private long _membersRev = -1;
    private FrozenSet<UserId> _members = [];

    internal ConversationId Id => id;

    /// <summary>Ticks of the last event; the oldest are forgotten first.</summary>
    internal long TouchedAt { get; private set; }

    /// <summary>An event from the stream.</summary>
    internal void OnAppended(ConversationAppended appended, long now)
    {
        lock (_lock)
        {
            TouchedAt = now;
            if (!_asking && TryForward(appended))
            {
                return;
            }

            if (_waitingChanges + appended.Changes.Length > tenant.Options.WaitingChangesMax)
            {
                // Too much to hold while the grain is asked: the log has it.
                _target = Math.Max(_target, appended.Changes[^1].Rev);
            }
            else
            {
                _waiting.Enqueue(appended);
                _waitingChanges += appended.Changes.Length;
            }

            Ask();
        }
    }

    /// <summary>True when the store says that there is more than was forwarded, and than is about to be read.</summary>
    internal bool IsBehind(RecentChange recent)
    {
        lock (_lock)
        {
            return _asking || _inTurn
                ? recent.ToRev > Math.Max(_rev, _target) || recent.FromRev < Math.Min(_firstRev, _wantedFrom)
                : Misses(recent);
        }
    }

    /// <summary>The store says that the log reaches so far, and the events have not come: reads and forwards them.</summary>
    internal void Repair(RecentChange recent, long now)
    {
        lock (_lock)
        {
            if (!Misses(recent))
            {
                return;
            }

            TouchedAt = now;
            if (_rev == 0)
            {
                (_rev, _firstRev) = (recent.FromRev - 1, recent.FromRev);
            }

            _wantedFrom = Math.Min(_wantedFrom, recent.FromRev);
            _target = Math.Max(_target, recent.ToRev);
            AskInTurn();
        }
    }

    /// <summary>Asks for what a failed question left missing.</summary>
    internal void AskAgain()
    {
        lock (_lock)
        {
            if (MissesSome)
            {
                AskInTurn();
            }
        }
    }

    /// <summary>Whether somebody is a member, as far as is known here; without members known everybody may be one.</summary>
    internal bool MayBeMember(UserId user)
    {
        lock (_lock)
        {
            return _membersRev < 0 || _members.Contains(user);
        }
    }

    private bool WantsEarlier => _rev > 0 && _wantedFrom < _firstRev;

    private bool MissesSome => _target > _rev || WantsEarlier;

    private bool Misses(RecentChange recent) => recent.ToRev > _rev || recent.FromRev < _firstRev;

    /// <summary>Forwards what is next in order; false when the grain must be asked first.</summary>
    private bool TryForward(ConversationAppended appended)
    {
        var changes = appended.Changes;
        if (changes[^1].Rev <= _rev)
        {
            return true; // Came twice.
        }

        if (appended.MembersRev > _membersRev || (_rev > 0 && changes[0].Rev > _rev + 1))
        {
            return false;
        }

        Forward(changes);
        return true;
    }

    private void Forward(ImmutableArray<ConversationChange> changes)
    {
        var first = 0;
        while (first < changes.Length && changes[first].Rev <= _rev)
        {
            first++;
        }

        if (first == changes.Length)
        {
            return;
        }

        tenant.Deliver(id, changes.AsSpan()[first..], _members);
        if (_rev == 0)
        {
            _firstRev = changes[first].Rev;
        }

        _rev = changes[^1].Rev;
    }

    /// <summary>
    /// What was lost before the first change that came. Whoever has later revs without a hole drops it; somebody who was
    /// removed by it hears of nothing else.
    /// </summary>
    private void ForwardEarlier(ImmutableArray<ConversationChange> changes)
    {
        var earlier = 0;
        while (earlier < changes.Length && changes[earlier].Rev < _firstRev)
        {
            earlier++;
        }

        if (earlier > 0)
        {
            tenant.Deliver(id, changes.AsSpan()[..earlier], _members);
        }

        _firstRev = Math.Min(_firstRev, _wantedFrom);
    }

    /// <summary>As one of the gateway's repairs. An event that needs an answer meanwhile does not wait for that.</summary>
    private void AskInTurn()
    {
        if (!_asking && !_inTurn)
        {
            _inTurn = true;
            tenant.Repairs.Add(tenant.Id, ReadMissingAsync);
        }
    }

    private Task ReadMissingAsync()
    {
        lock (_lock)
        {
            _inTurn = false;
            if (_asking || !MissesSome)
            {
                return Task.CompletedTask;
            }

            _asking = true;
        }

        return AskAsync();
    }

    private void Ask()
    {
        if (!_asking)
        {
            _asking = true;
            _ = AskAsync();
        }
    }

    private async Task AskAsync()
    {
        try
        {
            while (true)
            {
                long membersRevWanted;
                long? readAfter;
                long lastNeeded;
                lock (_lock)
                {
                    ForwardWaiting();
                    membersRevWanted = _waiting.TryPeek(out var next) ? next.MembersRev : 0;
                    readAfter = WantsEarlier ? _wantedFrom - 1
                        : _target > _rev || (_waiting.Count > 0 && next!.Changes[0].Rev > _rev + 1 && _rev > 0) ? _rev
                        : null;
                    lastNeeded = Math.Max(_target, _waiting.Count > 0 ? next!.Changes[0].Rev - 1 : 0);
                    if (_waiting.Count == 0 && readAfter is null)
                    {
                        _asking = false;
                        return;
                    }
                }

                var grain = tenant.Grain(id);
                var (read, skipped) = readAfter is { } rev ? await ReadAsync(grain, rev, lastNeeded) : default;
                var membersRevNeeded = Math.Max(membersRevWanted, read?.MembersRev ?? 0);
                var members = membersRevNeeded > _membersRev || _membersRev < 0 ? await grain.MembersAsync(CancellationToken.None) : null;
                lock (_lock)
                {
                    var former = _members;
                    if (members is not null)
                    {
                        SetMembers(members, membersRevNeeded);
                    }

                    if (read is not null)
                    {
                        tenant.OnGapRead();
                        ForwardEarlier(read.Changes);
                        Forward(read.Changes);
                    }

                    if (skipped)
                    {
                        // The fact that says so is among what was skipped, and nothing after it comes to them: no hole tells them.
                        tenant.Resync(former.Except(_members));
                    }
                }
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                // What waits is in the log; the next repair asks again.
                foreach (var waiting in _waiting)
                {
                    _target = Math.Max(_target, waiting.Changes[^1].Rev);
                }

                _waiting.Clear();
                _waitingChanges = 0;
                _asking = false;
            }

            tenant.OnAskFailed(this, exception);
        }
    }

    private void ForwardWaiting()
    {
        while (_waiting.TryPeek(out var appended) && TryForward(appended))
        {
            _waiting.Dequeue();
            _waitingChanges -= appended.Changes.Length;
        }
    }

    /// <summary>
    /// An older list never replaces a newer one. A grain that answers with less than is needed is a stale activation; the
    /// conversation is then left to the next repair.
    /// </summary>
    private void SetMembers(MemberList list, long membersRevNeeded)
    {
        if (list.MembersRev < membersRevNeeded)
        {
            throw new InvalidOperationException($"The members of {id} are of rev {list.MembersRev}, those of rev {membersRevNeeded} are needed.");
        }

        if (list.MembersRev > _membersRev)
        {
            _membersRev = list.MembersRev;
            _members = list.Members.ToFrozenSet();
        }
    }

    /// <summary>
    /// The changes after a rev; when they are more than a page, only the last ones: every client that is behind sees the hole
    /// before them in its revs and syncs.
    /// </summary>
    private async Task<(ConversationAppended Read, bool Skipped)> ReadAsync(IConversationGrain grain, long rev, long lastNeeded)
    {
        if (await grain.AppendedSinceAsync(rev, CancellationToken.None) is { } all)
        {
            return (all, false);
        }

        return await grain.AppendedSinceAsync(Math.Max(rev, lastNeeded - 1), CancellationToken.None) is { } last
            ? (last, true)
            : throw new InvalidOperationException($"The changes of {id} after rev {rev} are missing; rev {lastNeeded} was announced.");
    }
}
