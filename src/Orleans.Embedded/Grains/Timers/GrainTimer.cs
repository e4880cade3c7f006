using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains.Timers;

/// <summary>A timer of one activation. It only ever has one tick queued or running; the next is set when that one is done.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;

    /// <summary>Guards the fields below. Taken inside the activation's gate, so never held while calling anything: a clock may call back at once.</summary>
    private readonly object _gate = new();
    private TimeSpan _period;
    private bool _tickPending;
    private bool _changedDuringTick;
    private bool _isStopped;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, TimeProvider clock)
    {
        CheckTime(options.DueTime, nameof(options.DueTime));
        CheckTime(options.Period, nameof(options.Period));
        _activation = activation;
        _callback = callback;
        _options = options;
        _period = options.Period;
        using (ExecutionContext.SuppressFlow())
            _timer = clock.CreateTimer(static self => ((GrainTimer)self!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal bool Interleaves => _options.Interleave;

    internal bool KeepsAlive => _options.KeepAlive;

    internal bool IsStopped => Volatile.Read(ref _isStopped);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        CheckTime(dueTime, nameof(dueTime));
        CheckTime(period, nameof(period));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            _period = period;
            _changedDuringTick = _tickPending;
        }

        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        Stop();
        _activation.Forget(this);
    }

    internal void Start(TimeSpan dueTime) => _timer.Change(dueTime, Timeout.InfiniteTimeSpan);

    /// <summary>No tick starts after this; the token of one that runs is cancelled in a turn of its own.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            _timer.Dispose();
            if (!_tickPending)
                return;
        }

        new Task(static self => ((GrainTimer)self!)._stopped.Cancel(), this).Start(_activation);
    }

    internal async Task TickAsync()
    {
        try
        {
            if (!IsStopped)
                await _callback(_stopped.Token);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // It was told to stop and did.
        }
        catch (Exception exception)
        {
            _activation.TimerFailed(exception);
        }

        Rearm();
    }

    internal void Rearm()
    {
        TimeSpan period;
        lock (_gate)
        {
            _tickPending = false;
            var isSet = _isStopped || _changedDuringTick;
            _changedDuringTick = false;
            if (isSet)
                return;
            period = _period;
        }

        _timer.Change(period, Timeout.InfiniteTimeSpan);
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_isStopped || _tickPending)
                return;
            _tickPending = true;
        }

        if (!_activation.TryAcceptOwn(new GrainTimerTick(this)))
            Rearm();
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "A timer's time is zero or more, or infinite.");
    }
}
