using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Grains.Activations;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>The token of one call: what its method sees, cancelled when the caller cancels or, if the host says so, when it times out.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without timer and wait handle holds nothing.")]
internal sealed class CallCancellation(CancellationToken callerToken)
{
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _registration;

    internal CancellationToken Token => _source?.Token ?? default;

    /// <summary>Listens to the caller's token; false if it is cancelled already and the call must not be made.</summary>
    internal bool TryListen(Call call, bool cancelOnTimeout)
    {
        if (callerToken.CanBeCanceled || cancelOnTimeout)
            _source = new();
        if (callerToken.IsCancellationRequested)
        {
            call.CancelByCaller(callerToken);
            return false;
        }

        _registration = callerToken.UnsafeRegister(static (call, token) => ((Call)call!).CancelByCaller(token), call);
        return true;
    }

    internal void StopListening() => _registration.Unregister();

    /// <summary>Cancels the method's token in a turn of its activation, so that what it triggers does not overlap with the method.</summary>
    internal void SignalIn(Activation activation)
    {
        if (_source is { } source)
            new Task(static source => ((CancellationTokenSource)source!).Cancel(), source).Start(activation);
    }
}
