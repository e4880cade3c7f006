namespace Orleans.Embedded.Grains.Calls;

/// <summary>A call of a method with a result. Generated subclasses hold the arguments and make the call in <see cref="Invoke"/>.</summary>
internal abstract class ValueCall<T> : Call
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<T>? _running;

    /// <summary>Calls the method on the grain object.</summary>
    public abstract Task<T> Invoke(object grain);

    public ValueTask<T> SendValueTask(GrainReference reference, CallMethod method) => new(SendTask(reference, method));

    public Task<T> SendTask(GrainReference reference, CallMethod method)
    {
        Start(reference, method);
        return _answer.Task;
    }

    public static Task<T> AsTask(ValueTask<T> task) => task.AsTask();

    internal sealed override void Run(object grain)
    {
        Task<T>? running;
        try
        {
            running = Invoke(grain) ?? throw new InvalidOperationException($"{Method.Name} returned null instead of a task.");
        }
        catch (Exception exception)
        {
            running = Task.FromException<T>(exception);
        }

        _running = running;
        if (running.IsCompleted)
            OnEnded(StartedAt);
        else
            running.GetAwaiter().UnsafeOnCompleted(OnEnded);
    }

    protected sealed override void Answer(Exception exception) => _answer.TrySetException(exception);

    protected sealed override void AnswerCancelled(CancellationToken token) => _answer.TrySetCanceled(token);

    private void OnEnded() => OnEnded(usedAt: 0);

    private void OnEnded(long usedAt)
    {
        var ended = _running!;
        Activation!.End(this, ended.IsCompletedSuccessfully ? null : ended.Exception?.InnerException, usedAt);
        if (!TrySettle())
            return;
        if (ended.IsCompletedSuccessfully)
            _answer.TrySetResult(ended.Result);
        else
            _answer.TrySetFromTask(ended);
    }
}
