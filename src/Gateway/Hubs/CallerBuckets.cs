using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hubs;

/// <summary>What kind of call a hub method is; each kind has a bucket of its own, so that reading never blocks a send (rule M7).</summary>
internal enum CallKind
{
    Send,
    Read,
    MarkRead,
    Create,

    /// <summary>What devices did with messages.</summary>
    Report,

    /// <summary>That there is input, and what is open.</summary>
    Activity,

    /// <summary>Whom to look at, and how to be seen.</summary>
    Watch,
    Typing,

    Search,

    /// <summary>What was written and not sent yet: saved by itself while somebody writes.</summary>
    Draft,
}

/// <summary>The buckets of one person, shared by all of the person's sessions here.</summary>
internal sealed class CallerBuckets(CallLimitOptions limits, TimeProvider time)
{
    private readonly TokenBucket _send = new(limits.SendPerSecond, limits.SendBurst, time);
    private readonly TokenBucket _read = new(limits.HistoryPerSecond, limits.HistoryBurst, time);
    private readonly TokenBucket _create = new(limits.CreateGroupsPerMinute / 60.0, limits.CreateGroupsPerMinute, time);
    private readonly TokenBucket _markRead = new(limits.ReadMarksPerSecond, limits.ReadMarksPerSecond, time);
    private readonly TokenBucket _search = new(limits.SearchPerSecond, limits.SearchBurst, time);

    private readonly TokenBucket _activity = new(limits.ActivityPerSecond, limits.ActivityBurst, time);
    private readonly TokenBucket _watch = new(limits.WatchPerSecond, limits.WatchBurst, time);
    private readonly TokenBucket _typing = new(limits.TypingPerSecond, limits.TypingBurst, time);
    private readonly TokenBucket _report = new(limits.ReportsPerSecond, limits.ReportsBurst, time);
    private readonly TokenBucket _draft = new(limits.DraftsPerSecond, limits.DraftsBurst, time);

    /// <summary>Connects of the person, before there is a session.</summary>
    internal TokenBucket Connect { get; } = new(limits.ConnectsPerMinute / 60.0, limits.ConnectsPerMinute, time);

    /// <summary>True when forgetting these buckets changes nothing.</summary>
    internal bool IsFull => _send.IsFull && _read.IsFull && _markRead.IsFull && _create.IsFull && _report.IsFull
        && _activity.IsFull && _watch.IsFull && _typing.IsFull && _search.IsFull && _draft.IsFull && Connect.IsFull;

    internal TokenBucket Of(CallKind kind) => kind switch
    {
        CallKind.Send => _send,
        CallKind.Read => _read,
        CallKind.MarkRead => _markRead,
        CallKind.Create => _create,
        CallKind.Report => _report,
        CallKind.Activity => _activity,
        CallKind.Watch => _watch,
        CallKind.Typing => _typing,
        CallKind.Search => _search,
        CallKind.Draft => _draft,
    };
}

/// <summary>
/// The buckets of everybody who called lately. Looked up for each call, never kept by a session, so that all sessions of a
/// person share them for ever; full ones are forgotten when there are many, because new ones would be full as well.
/// </summary>
internal sealed class CallRates(IOptions<CallLimitOptions> options, TimeProvider time)
{
    private const int KeptMin = 4_096;

    private readonly CallLimitOptions _limits = options.Value;
    private readonly ConcurrentDictionary<(TenantId Tenant, UserId User), CallerBuckets> _callers = [];
    private readonly ConcurrentDictionary<TenantId, TokenBucket> _tenantSends = [];
    private int _sweepAt = KeptMin;

    /// <summary>How many people's buckets are kept.</summary>
    internal int Kept => _callers.Count;

    /// <summary>Null when the call may go on; otherwise when to repeat it.</summary>
    internal TimeSpan? TryTake(Caller caller, CallKind kind) =>
        Of(caller.TenantId, caller.UserId).Of(kind).TryTake() ?? (kind == CallKind.Send ? SendsOf(caller.TenantId).TryTake() : null);

    /// <summary>Null when the person may connect; otherwise when to come again.</summary>
    internal TimeSpan? TryConnect(TenantId tenant, UserId user) => Of(tenant, user).Connect.TryTake();

    private CallerBuckets Of(TenantId tenant, UserId user)
    {
        if (_callers.TryGetValue((tenant, user), out var known))
        {
            return known;
        }

        if (_callers.Count >= Volatile.Read(ref _sweepAt))
        {
            Sweep();
        }

        return _callers.GetOrAdd((tenant, user), static (_, rates) => new CallerBuckets(rates.Limits, rates.Time), (Limits: _limits, Time: time));
    }

    private TokenBucket SendsOf(TenantId tenant) => _tenantSends.GetOrAdd(
        tenant, static (_, rates) => new TokenBucket(rates.Limits.TenantSendPerSecond, rates.Limits.TenantSendPerSecond, rates.Time), (Limits: _limits, Time: time));

    private void Sweep()
    {
        foreach (var entry in _callers)
        {
            if (entry.Value.IsFull)
            {
                _callers.TryRemove(entry);
            }
        }

        foreach (var entry in _tenantSends)
        {
            if (entry.Value.IsFull)
            {
                _tenantSends.TryRemove(entry);
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(KeptMin, 2 * _callers.Count));
    }
}
