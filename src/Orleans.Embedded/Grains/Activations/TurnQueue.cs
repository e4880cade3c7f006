namespace Orleans.Embedded.Grains.Activations;

/// <summary>
/// Runs the work of one activation one piece at a time on the thread pool. It is the task scheduler that code in a turn
/// sees as current, so an await comes back here; <c>Task.Run</c> and <c>ConfigureAwait(false)</c> leave it.
/// </summary>
internal abstract class TurnQueue : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>After so many turns in a row the thread goes back to the pool, so that busy activations share it with others.</summary>
    private const int TurnsPerSliceMax = 64;

    [ThreadStatic]
    private static TurnQueue? Running;

    private Queue<Task>? _continuations;
    private bool _scheduled;
    private bool _continuationWasLast;

    /// <summary>The activation whose turn runs on this thread, if one does.</summary>
    protected static TurnQueue? RunningHere => Running;

    /// <summary>Guards all state of the activation. Held for a few instructions only, never while code of a grain runs.</summary>
    protected object Gate { get; } = new();

    public sealed override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        var outer = Running;
        Running = this;
        try
        {
            // The task is only there to make this scheduler the current one for everything that runs inside.
            new Task(static self => ((TurnQueue)self!).RunSlice(), this).RunSynchronously(this);
        }
        finally
        {
            Running = outer;
        }
    }

    /// <summary>The next turn that may start now, or null. Called with the gate held.</summary>
    protected abstract object? TakeTurn();

    /// <summary>Starts what <see cref="TakeTurn"/> gave. Must not throw.</summary>
    protected abstract void RunTurn(object turn);

    /// <summary>Call with the gate held after something was queued; true means: call <see cref="Schedule"/> after leaving the gate.</summary>
    protected bool ClaimSchedule()
    {
        if (_scheduled)
            return false;
        _scheduled = true;
        return true;
    }

    protected void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

    protected sealed override void QueueTask(Task task)
    {
        bool claimed;
        lock (Gate)
        {
            (_continuations ??= new()).Enqueue(task);
            claimed = ClaimSchedule();
        }

        if (claimed)
            Schedule();
    }

    protected sealed override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Running == this && TryExecuteTask(task);

    protected sealed override IEnumerable<Task> GetScheduledTasks()
    {
        lock (Gate)
            return _continuations?.ToArray() ?? [];
    }

    private void RunSlice()
    {
        for (var turns = 0; ; turns++)
        {
            object? work;
            lock (Gate)
            {
                if (turns == TurnsPerSliceMax)
                    break;
                work = TakeWork();
                if (work is null)
                {
                    _scheduled = false;
                    return;
                }
            }

            if (work is Task continuation)
                TryExecuteTask(continuation);
            else
                RunTurn(work);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Continuations and new turns alternate, so that neither can starve the other.</summary>
    private object? TakeWork()
    {
        if (_continuationWasLast && TakeTurn() is { } turn)
        {
            _continuationWasLast = false;
            return turn;
        }

        if (_continuations is not null && _continuations.TryDequeue(out var continuation))
        {
            _continuationWasLast = true;
            return continuation;
        }

        _continuationWasLast = false;
        return TakeTurn();
    }
}
