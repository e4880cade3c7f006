using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Embedded.Grains.Timers;
using Orleans.Embedded.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.Grains.Activations;

/// <summary>
/// One grain in memory: its object, its requests that wait and run, and its way from creation to the end. Whether a request
/// may start is decided here, in <see cref="TakeTurn"/>; that turns never overlap is the promise of <see cref="TurnQueue"/>.
/// </summary>
internal sealed partial class Activation : TurnQueue, IGrainContext, IRequestTarget
{
    private static readonly object ActivateTurn = new();
    private static readonly object DeactivateTurn = new();

    [ThreadStatic]
    private static Activation? Constructing;

    private readonly Silo _silo;
    private readonly GrainClass _class;
    private readonly IActivationOwner _owner;
    private readonly RequestList _ordinary = new();
    private readonly RequestList _interleaving = new();

    private ActivationStatus _status;
    private object? _pendingStep;
    private DeactivationReason _endReason;
    private CancellationToken _hurry;
    private Grain? _grain;
    private AsyncServiceScope? _scope;
    private List<GrainTimer>? _timers;
    private List<IDisposable>? _ownedUntilEnd;
    private TaskCompletionSource? _ended;
    private long _arrivals;
    private int _running;
    private int _usersRunning;
    private int _readersRunning;
    private int _writersRunning;
    private Request? _blocking;
    private Request? _lastStarted;
    private long _lastUsedAt;
    private long _keepUntil;

    internal Activation(Silo silo, GrainClass grainClass, string key, IActivationOwner owner)
    {
        _silo = silo;
        _class = grainClass;
        _owner = owner;
        Key = key;
        _lastUsedAt = silo.Clock.GetTimestamp();
    }

    /// <summary>The activation whose grain object is being constructed on this thread.</summary>
    internal static IGrainContext? UnderConstruction => Constructing;

    /// <summary>The activation whose turn runs on this thread.</summary>
    internal static new Activation? Current => RunningHere as Activation;

    internal string Key { get; }

    /// <summary>Whether a request ever started here.</summary>
    internal bool HasRunRequests { get; private set; }

    internal IGrainFactory GrainFactory => _silo.GrainFactory;

    /// <summary>The request on whose behalf the code of this turn most likely runs; for messages to people only.</summary>
    internal Request? CurrentRequest => Volatile.Read(ref _blocking) ?? Volatile.Read(ref _lastStarted);

    /// <summary>Waiting plus running requests; a glance, already old when it is read.</summary>
    internal int Load => Volatile.Read(ref _running) + _ordinary.Count + _interleaving.Count;

    public GrainId GrainId => new(_class.Type, IdSpan.Create(Key));

    public object? GrainInstance => _grain;

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? _silo.Services;

    public Task Deactivated
    {
        get
        {
            lock (Gate)
            {
                if (_ended is null)
                {
                    _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (_status == ActivationStatus.Ended)
                        _ended.SetResult();
                }

                return _ended.Task;
            }
        }
    }

    /// <summary>The activation of a grain object.</summary>
    /// <exception cref="InvalidOperationException">The object was constructed by hand.</exception>
    internal static Activation Of(IGrainBase grain) =>
        grain.GrainContext as Activation
        ?? throw new InvalidOperationException($"{grain.GetType()} was not activated by the grain host, so it has no turns, timers or services.");

    public bool TryAccept(Request request)
    {
        bool claimed;
        lock (Gate)
        {
            if (_status == ActivationStatus.Ended)
                return false;
            CheckLimit();
            claimed = AppendAndClaim(request);
        }

        if (claimed)
            Schedule();
        return true;
    }

    /// <summary>Queues what one of its own timers or subscriptions brings, whatever the limit: each brings one at a time.</summary>
    internal bool TryAcceptOwn(Request request)
    {
        bool claimed;
        lock (Gate)
        {
            if (_status is ActivationStatus.Ending or ActivationStatus.Ended)
                return false;
            claimed = AppendAndClaim(request);
        }

        if (claimed)
            Schedule();
        return true;
    }

    public void ForEachActivation(Action<Activation> visit) => visit(this);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool claimed;
        lock (Gate)
            claimed = BeginEnd(deactivationReason, cancellationToken) && ClaimSchedule();
        if (claimed)
            Schedule();
    }

    /// <summary>Ends the activation if nothing that counts as use runs or waits and the last use is as long ago as its class allows.</summary>
    internal void DeactivateIfIdle(long now)
    {
        bool claimed;
        lock (Gate)
        {
            var idle = _silo.Clock.GetElapsedTime(_lastUsedAt, now);
            if (_status != ActivationStatus.Active || IsInUse() || idle < _class.CollectionAge || now < _keepUntil)
                return;

            claimed = BeginEnd(new(DeactivationReasonCode.ActivationIdle, $"Idle for {idle}."), default) && ClaimSchedule();
        }

        if (claimed)
            Schedule();
    }

    internal void DelayDeactivation(TimeSpan time)
    {
        lock (Gate)
        {
            var ticks = time.TotalSeconds * _silo.Clock.TimestampFrequency;
            var now = _silo.Clock.GetTimestamp();
            _keepUntil = ticks <= 0 ? 0 : ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
        }
    }

    internal IGrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options, _silo.Clock);
        bool refused;
        lock (Gate)
        {
            refused = _status is ActivationStatus.Ending or ActivationStatus.Ended;
            if (!refused)
                (_timers ??= []).Add(timer);
        }

        if (refused)
            timer.Dispose();
        else
            timer.Start(options.DueTime);
        return timer;
    }

    internal void Forget(GrainTimer timer)
    {
        lock (Gate)
            _timers?.Remove(timer);
    }

    internal void TimerFailed(Exception exception) => LogTimerFailed(_silo.Logger, GrainId, exception);

    /// <summary>Disposes the thing when the activation ends; at once if it has.</summary>
    internal void OwnUntilEnd(IDisposable thing)
    {
        lock (Gate)
        {
            if (_status != ActivationStatus.Ended)
            {
                (_ownedUntilEnd ??= []).Add(thing);
                return;
            }
        }

        thing.Dispose();
    }

    internal void Disown(IDisposable thing)
    {
        lock (Gate)
            _ownedUntilEnd?.Remove(thing);
    }

    /// <summary>Takes a request out of the queue; false if it has started or is not here.</summary>
    internal bool TryRemoveWaiting(Request request)
    {
        lock (Gate)
        {
            if (request.Queue is null || request.Activation != this)
                return false;
            request.Queue.Remove(request);
            return true;
        }
    }

    /// <summary>A request that ran is done. Called in a turn, before its caller learns of it.</summary>
    internal void End(Request request, Exception? fault, long usedAt)
    {
        if (request.KeepsAlive && usedAt == 0)
            usedAt = _silo.Clock.GetTimestamp();
        var claimed = false;
        lock (Gate)
        {
            _running--;
            if (request.KeepsAlive)
                _usersRunning--;
            if (!request.Interleaves)
            {
                if (request.IsReadOnly)
                    _readersRunning--;
                else
                    _writersRunning--;
            }

            if (_blocking == request)
                _blocking = null;
            if (_lastStarted == request)
                _lastStarted = null;
            if (request.KeepsAlive && usedAt > _lastUsedAt)
                _lastUsedAt = usedAt;
            if (_status == ActivationStatus.Ending)
            {
                if (_running == 0)
                    _pendingStep = DeactivateTurn;
                claimed = ClaimSchedule();
            }
            else if (fault is InconsistentStateException)
            {
                claimed = BeginEnd(new(DeactivationReasonCode.ApplicationError, fault, "Stored state is newer than the state in memory."), default)
                    && ClaimSchedule();
            }
            else if (_ordinary.Count + _interleaving.Count > 0)
            {
                claimed = ClaimSchedule();
            }
        }

        if (claimed)
            Schedule();
    }

    protected override object? TakeTurn()
    {
        if (_pendingStep is { } step)
        {
            _pendingStep = null;
            return step;
        }

        while (_status == ActivationStatus.Active && FirstRunnable() is { } request)
        {
            request.Queue!.Remove(request);
            if (request.IsAbandoned)
                continue;
            _running++;
            HasRunRequests = true;
            if (request.KeepsAlive)
                _usersRunning++;
            _lastStarted = request;
            if (!request.Interleaves)
            {
                _blocking = request;
                if (request.IsReadOnly)
                    _readersRunning++;
                else
                    _writersRunning++;
            }

            return request;
        }

        return null;
    }

    [SuppressMessage("Reliability", "CA2008:Do not create tasks without passing a TaskScheduler", Justification = "Runs in a turn.")]
    protected override void RunTurn(object turn)
    {
        if (turn is Request request)
            request.Run(_grain!);
        else if (turn == ActivateTurn)
            _ = ActivateAsync();
        else
            _ = EndAsync();
    }

    /// <summary>Accepts what waited at the activation before this one, in its order.</summary>
    internal void Inherit(List<Request> requests)
    {
        bool claimed = false;
        lock (Gate)
        {
            foreach (var request in requests)
                claimed |= AppendAndClaim(request);
        }

        if (claimed)
            Schedule();
    }

    private bool AppendAndClaim(Request request)
    {
        request.Activation = this;
        request.Arrival = _arrivals++;
        (request.Interleaves ? _interleaving : _ordinary).Append(request);
        if (_status == ActivationStatus.Created)
        {
            BeginActivation();
            return ClaimSchedule();
        }

        return _status == ActivationStatus.Active && MayStart(request) && ClaimSchedule();
    }

    /// <summary>An activation counts from here: two made at once for one key are a race of which one is thrown away unused.</summary>
    private void BeginActivation()
    {
        _status = ActivationStatus.Activating;
        _pendingStep = ActivateTurn;
        _silo.ActivationBegins();
    }

    private Request? FirstRunnable()
    {
        var ordinary =
            _writersRunning > 0 ? null
            : _readersRunning > 0 ? _ordinary.FirstReadOnly()
            : _ordinary.Head;
        var interleaving = _interleaving.Head;
        if (ordinary is null || interleaving is null)
            return ordinary ?? interleaving;
        return ordinary.Arrival < interleaving.Arrival ? ordinary : interleaving;
    }

    private bool IsInUse() => _usersRunning > 0 || _ordinary.ContainsUse() || _interleaving.ContainsUse();

    private bool MayStart(Request request) =>
        request.Interleaves || (_writersRunning == 0 && (_readersRunning == 0 || request.IsReadOnly));

    private void CheckLimit()
    {
        var options = _silo.Messaging;
        var limit = _class.IsStatelessWorker
            ? options.MaxEnqueuedRequestsHardLimit_StatelessWorker
            : options.MaxEnqueuedRequestsHardLimit;
        if (limit <= 0)
            return;
        var count = _running + _ordinary.Count + _interleaving.Count;
        if (count <= limit)
            return;
        var name = _class.IsStatelessWorker
            ? nameof(SiloMessagingOptions.MaxEnqueuedRequestsHardLimit_StatelessWorker)
            : nameof(SiloMessagingOptions.MaxEnqueuedRequestsHardLimit);
        LogTooManyRequests(_silo.Logger, GrainId, count, limit);
        throw new LimitExceededException(name, count, limit, GrainId);
    }

    private async Task ActivateAsync()
    {
        try
        {
            await BuildAsync();
        }
        catch (Exception exception)
        {
            _silo.Instruments.OnActivationFailed();
            LogActivationFailed(_silo.Logger, GrainId, exception);
            await FinishAsync(new(DeactivationReasonCode.ActivationFailed, exception, "Activation failed."), failed: exception);
            return;
        }

        lock (Gate)
        {
            _status = ActivationStatus.Active;
            _lastUsedAt = Math.Max(_lastUsedAt, _silo.Clock.GetTimestamp());
            if (_endReason.ReasonCode != DeactivationReasonCode.None)
                BeginEnd(_endReason, _hurry);
        }
    }

    private async Task BuildAsync()
    {
        var scope = _silo.Scopes.CreateAsyncScope();
        _scope = scope;
        var outer = Constructing;
        Constructing = this;
        ConstructedGrain constructed;
        try
        {
            constructed = _class.Construct(this);
        }
        finally
        {
            Constructing = outer;
        }

        _grain = constructed.Grain;
        if (!_class.HasWorkToBegin)
            return;
        using var tooLong = new CancellationTokenSource(_silo.Collection.ActivationTimeout, _silo.Clock);
        foreach (var state in constructed.States)
            await state.ReadStateAsync(tooLong.Token);
        await constructed.Grain.OnActivateAsync(tooLong.Token);
    }

    /// <summary>With the gate held: no new request starts from here on. True if the last turn can come at once.</summary>
    private bool BeginEnd(DeactivationReason reason, CancellationToken hurry)
    {
        switch (_status)
        {
            case ActivationStatus.Created:
                BeginActivation();
                goto case ActivationStatus.Activating;
            case ActivationStatus.Activating:
                if (_endReason.ReasonCode == DeactivationReasonCode.None)
                    (_endReason, _hurry) = (reason, hurry);
                return true;
            case ActivationStatus.Active:
                _status = ActivationStatus.Ending;
                (_endReason, _hurry) = (reason, hurry);
                if (_timers is not null)
                {
                    foreach (var timer in _timers)
                        timer.Stop();
                }

                if (_running > 0)
                    return false;
                _pendingStep = DeactivateTurn;
                return true;
            case ActivationStatus.Ending:
            case ActivationStatus.Ended:
                return false;
            default:
                throw new InvalidOperationException($"{_status} is no status.");
        }
    }

    private async Task EndAsync()
    {
        try
        {
            if (_class.HasWorkToEnd)
            {
                using var late = new CancellationTokenSource(_silo.Collection.DeactivationTimeout, _silo.Clock);
                using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(_hurry, late.Token);
                await _grain!.OnDeactivateAsync(_endReason, tooLong.Token).WaitAsync(tooLong.Token);
            }
        }
        catch (Exception exception)
        {
            LogDeactivationFailed(_silo.Logger, GrainId, exception);
        }

        await FinishAsync(_endReason, failed: null);
    }

    /// <summary>Leaves the directory, hands over what waits, and lets go of everything.</summary>
    private async Task FinishAsync(DeactivationReason reason, Exception? failed)
    {
        try
        {
            if (_grain is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else if (_grain is IDisposable disposable)
                disposable.Dispose();
            if (_scope is { } scope)
                await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            LogDeactivationFailed(_silo.Logger, GrainId, exception);
        }

        List<Request>? waiting;
        List<GrainTimer>? timers;
        List<IDisposable>? owned;
        TaskCompletionSource? ended;
        lock (Gate)
        {
            waiting = TakeAllWaiting();
            _status = ActivationStatus.Ended;
            timers = _timers;
            owned = _ownedUntilEnd;
            ended = _ended;
            _timers = null;
            _ownedUntilEnd = null;
            _grain = null;
            _scope = null;
        }

        // Until the directory names the successor, new requests find this activation and try again: none can overtake.
        if (failed is null && waiting is not null)
            waiting = _owner.Succeed(this, waiting);
        else
            _owner.Remove(this);

        foreach (var timer in timers ?? [])
            timer.Dispose();
        foreach (var thing in owned ?? [])
            thing.Dispose();
        foreach (var request in waiting ?? [])
            request.Refuse(failed ?? RefusalAfterEnd());
        LogEnded(_silo.Logger, GrainId, reason.ReasonCode, reason.Description);
        ended?.SetResult();
        _silo.ActivationEnded();
    }

    private OrleansMessageRejectionException RefusalAfterEnd() => _silo.MayActivate
        ? new OrleansMessageRejectionException($"{GrainId} ended several times before this request could run.")
        : _silo.Unavailable();

    private List<Request>? TakeAllWaiting()
    {
        List<Request>? waiting = null;
        while ((_ordinary.Head ?? _interleaving.Head) is not null)
        {
            var (ordinary, interleaving) = (_ordinary.Head, _interleaving.Head);
            var first = ordinary is null || (interleaving is not null && interleaving.Arrival < ordinary.Arrival) ? interleaving! : ordinary;
            first.Queue!.Remove(first);
            if (!first.IsAbandoned)
                (waiting ??= []).Add(first);
        }

        return waiting;
    }
}
