namespace Orleans.Embedded.Grains.Calls;

/// <summary>A call of a method without a result. Generated subclasses hold the arguments and make the call in <see cref="Invoke"/>.</summary>
internal abstract class VoidCall : Call
{
    private TaskCompletionSource? _answer;
    private Task? _running;

    /// <summary>Calls the method on the grain object.</summary>
    public abstract Task Invoke(object grain);

    public ValueTask SendValueTask(GrainReference reference, CallMethod method) => new(SendTask(reference, method));

    public Task SendTask(GrainReference reference, CallMethod method)
    {
        if (method.IsOneWay)
        {
            Start(reference, method);
            return Task.CompletedTask;
        }

        var answer = _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(reference, method);
        return answer.Task;
    }

    public static Task AsTask(ValueTask task) => task.AsTask();

    internal sealed override void Run(object grain)
    {
        Task? running;
        try
        {
            running = Invoke(grain) ?? throw new InvalidOperationException($"{Method.Name} returned null instead of a task.");
        }
        catch (Exception exception)
        {
            running = Task.FromException(exception);
        }

        _running = running;
        if (running.IsCompleted)
            OnEnded(StartedAt);
        else
            running.GetAwaiter().UnsafeOnCompleted(OnEnded);
    }

    protected sealed override void Answer(Exception exception) => _answer!.TrySetException(exception);

    protected sealed override void AnswerCancelled(CancellationToken token) => _answer!.TrySetCanceled(token);

    private void OnEnded() => OnEnded(usedAt: 0);

    private void OnEnded(long usedAt)
    {
        var ended = _running!;
        var fault = ended.IsCompletedSuccessfully ? null : ended.Exception?.InnerException;
        Activation!.End(this, fault, usedAt);
        if (Method.IsOneWay)
        {
            if (fault is not null)
                Refuse(fault);
        }
        else if (TrySettle())
        {
            if (ended.IsCompletedSuccessfully)
                _answer!.TrySetResult();
            else
                _answer!.TrySetFromTask(ended);
        }
    }
}
