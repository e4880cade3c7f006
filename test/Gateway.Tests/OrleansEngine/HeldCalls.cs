namespace OrleansChat.Gateway.Tests.OrleansEngine;

/// <summary>Holds every call of one grain method in the silo, until the test lets them go.</summary>
internal sealed class HeldCalls(string method) : IIncomingGrainCallFilter
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One has come.</summary>
    internal Task Arrived => _arrived.Task;

    internal void Release() => _released.SetResult();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == method)
        {
            _arrived.TrySetResult();
            await _released.Task;
        }

        await context.Invoke();
    }
}
