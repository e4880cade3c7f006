namespace Orleans.Embedded.Grains.Calls;

/// <summary>
/// The open calls that share one timeout, in the order they were made, which is the order they run out. One timer looks
/// at the first only, so that making and answering a call costs a few instructions here.
/// </summary>
internal sealed class DeadlineQueue : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private Call? _first;
    private Call? _last;
    private bool _armed;

    internal DeadlineQueue(TimeProvider clock, TimeSpan timeout)
    {
        _clock = clock;
        _timeout = timeout;
        using (ExecutionContext.SuppressFlow())
            _timer = clock.CreateTimer(static self => ((DeadlineQueue)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    internal void Add(Call call)
    {
        lock (_gate)
        {
            call.Deadlines = this;
            call.DeadlinePrevious = _last;
            if (_last is null)
                _first = call;
            else
                _last.DeadlineNext = call;
            _last = call;
            if (_armed)
                return;
            _armed = true;
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Remove(Call call)
    {
        lock (_gate)
        {
            if (call.Deadlines == this)
                Unlink(call);
        }
    }

    /// <summary>Answers every open call with an exception.</summary>
    internal void RefuseAll(Func<Exception> reason)
    {
        while (TakeFirst(static _ => true) is { } call)
            call.Refuse(reason());
    }

    private void OnTimer()
    {
        var now = _clock.GetTimestamp();
        while (TakeFirst(call => _clock.GetElapsedTime(call.StartedAt, now) >= _timeout) is { } call)
            call.TimeOut(_timeout);
        lock (_gate)
        {
            _armed = _first is not null;
            if (_first is null)
                return;
            var left = _timeout - _clock.GetElapsedTime(_first.StartedAt, _clock.GetTimestamp());
            _timer.Change(left > ShortestWait ? left : ShortestWait, Timeout.InfiniteTimeSpan);
        }
    }

    private Call? TakeFirst(Func<Call, bool> condition)
    {
        lock (_gate)
        {
            if (_first is not { } first || !condition(first))
                return null;
            Unlink(first);
            return first;
        }
    }

    private void Unlink(Call call)
    {
        if (call.DeadlinePrevious is null)
            _first = call.DeadlineNext;
        else
            call.DeadlinePrevious.DeadlineNext = call.DeadlineNext;
        if (call.DeadlineNext is null)
            _last = call.DeadlinePrevious;
        else
            call.DeadlineNext.DeadlinePrevious = call.DeadlinePrevious;
        call.DeadlinePrevious = null;
        call.DeadlineNext = null;
        call.Deadlines = null;
    }
}
