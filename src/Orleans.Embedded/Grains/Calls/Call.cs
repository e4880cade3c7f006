using Orleans.Embedded.Grains.Activations;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>
/// One call of a grain method: its arguments (in the generated subclass), its way to the activation, and the answer. It is
/// settled exactly once: by the method's result, by its timeout, by its caller's cancellation or by a refusal.
/// </summary>
internal abstract class Call : Request
{
    /// <summary>How often a call may meet an activation that ends without having run anything: a grain that always leaves at once must not go round for ever.</summary>
    private const int FruitlessForwardsMax = 2;

    private GrainReference _reference = null!;
    private CallMethod _method = null!;
    private Call? _parent;
    private Call? _child;
    private int _settled;
    private int _fruitlessForwards;

    internal Call? DeadlinePrevious { get; set; }

    internal Call? DeadlineNext { get; set; }

    internal DeadlineQueue? Deadlines { get; set; }

    /// <summary>When the caller made it, as a timestamp of the host's clock.</summary>
    internal long StartedAt { get; private set; }

    internal GrainReference Reference => _reference;

    internal CallMethod Method => _method;

    /// <summary>The call on whose behalf this one was made, while both are open.</summary>
    internal Call? Parent => Volatile.Read(ref _parent);

    /// <summary>The call that the method made last and that is still open.</summary>
    internal Call? Child => Volatile.Read(ref _child);

    internal sealed override bool Interleaves => _method.IsAlwaysInterleave || _reference.Class.IsReentrant;

    internal sealed override bool IsReadOnly => _method.IsReadOnly;

    internal sealed override bool IsAbandoned => Volatile.Read(ref _settled) != 0;

    internal sealed override string Description => _method.Name;

    /// <summary>The token that the method gets in place of the caller's.</summary>
    public CancellationToken CancellationToken => Cancellation?.Token ?? default;

    /// <summary>Present only if the method takes a token.</summary>
    private CallCancellation? Cancellation { get; set; }

    /// <summary>Generated proxies call this for the argument that is a token.</summary>
    public void SetCancellation(CancellationToken callerToken) => Cancellation = new(callerToken);

    /// <summary>Sets the answer that the caller awaits.</summary>
    protected abstract void Answer(Exception exception);

    protected abstract void AnswerCancelled(CancellationToken token);

    /// <summary>Queues the call at the grain. Whatever goes wrong becomes the answer.</summary>
    protected void Start(GrainReference reference, CallMethod method)
    {
        _reference = reference;
        _method = method;
        var silo = reference.Class.Silo;
        StartedAt = silo.Clock.GetTimestamp();
        var caller = Activation.Current;
        if (method.IsOneWay)
        {
            Cancellation = null;
        }
        else
        {
            if (Cancellation is { } cancellation && !cancellation.TryListen(this, silo.Messaging.CancelRequestOnTimeout))
                return;
            if (caller?.CurrentRequest is Call parent)
            {
                _parent = parent;
                Volatile.Write(ref parent._child, this);
            }

            silo.DeadlinesOf(method.ResponseTimeout)?.Add(this);
        }

        try
        {
            silo.CheckAccepts(fromGrain: caller is not null);
            reference.Dispatch(this);
        }
        catch (Exception exception)
        {
            Refuse(exception);
        }
    }

    /// <summary>True for the one who may answer.</summary>
    protected bool TrySettle()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            return false;
        Deadlines?.Remove(this);
        Cancellation?.StopListening();
        if (_parent is { } parent)
        {
            Interlocked.CompareExchange(ref parent._child, null, this);
            Volatile.Write(ref _parent, null);
        }

        return true;
    }

    internal sealed override bool TryForward(bool fruitless) => !fruitless || ++_fruitlessForwards <= FruitlessForwardsMax;

    internal sealed override void Refuse(Exception reason)
    {
        if (_method.IsOneWay)
            _reference.Class.Silo.OneWayFailed(this, reason);
        else if (TrySettle())
            Answer(reason);
    }

    /// <summary>The caller has waited as long as it may.</summary>
    internal void TimeOut(TimeSpan timeout)
    {
        if (IsAbandoned)
            return;
        var silo = _reference.Class.Silo;
        var message = CallChain.DescribeTimeout(this, timeout);
        if (!TrySettle())
            return;
        silo.Instruments.OnCallTimedOut();
        silo.CallTimedOut(this, message);
        Abandon(tellMethod: silo.Messaging.CancelRequestOnTimeout);
        Answer(new TimeoutException(message));
    }

    /// <summary>The caller's token was cancelled.</summary>
    internal void CancelByCaller(CancellationToken token)
    {
        if (!TrySettle())
            return;
        Abandon(tellMethod: true);
        AnswerCancelled(token);
    }

    /// <summary>Nobody waits any more: leaves the queue, or cancels the token of the method that runs.</summary>
    private void Abandon(bool tellMethod)
    {
        if (Activation is { } activation && !activation.TryRemoveWaiting(this) && tellMethod)
            Cancellation?.SignalIn(activation);
    }
}
