using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Diagnostics;
using Orleans.Embedded.Grains;
using Orleans.Embedded.Grains.Activations;
using Orleans.Embedded.Grains.Calls;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>The grain host of this process: knows the grain classes, and whether calls are taken. It starts and stops with the application.</summary>
internal sealed partial class Silo : IHostedService, IDisposable
{
    internal static readonly DeactivationReason StopReason = new(DeactivationReasonCode.ShuttingDown, "The host stops.");

    private readonly ConcurrentDictionary<TimeSpan, DeadlineQueues> _deadlines = new();
    private readonly DeadlineQueues? _ordinaryDeadlines;
    private readonly GrainClass[] _classes;
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _collector;
    private volatile SiloStatus _status;

    public Silo(
        IServiceProvider services, GrainCatalog catalog, TimeProvider clock, IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection, EmbeddedInstruments instruments, ILogger<Silo> logger)
    {
        Services = services;
        Scopes = services.GetRequiredService<IServiceScopeFactory>();
        Clock = clock;
        Messaging = messaging.Value;
        Collection = collection.Value;
        Instruments = instruments;
        Logger = logger;
        _ordinaryDeadlines = DeadlinesOfTimeout(Messaging.ResponseTimeout);
        var classes = catalog.Describe().Select(description => KeyValuePair.Create(description, new GrainClass(this, description))).ToList();
        _classes = [.. classes.Select(static pair => pair.Value)];
        GrainFactory = new(services, classes);
    }

    internal IServiceProvider Services { get; }

    internal IServiceScopeFactory Scopes { get; }

    internal TimeProvider Clock { get; }

    internal SiloMessagingOptions Messaging { get; }

    internal GrainCollectionOptions Collection { get; }

    internal EmbeddedInstruments Instruments { get; }

    internal ILogger Logger { get; }

    internal GrainFactory GrainFactory { get; }

    internal bool MayActivate => _status == SiloStatus.Running;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using (ExecutionContext.SuppressFlow())
            _collector = Clock.CreateTimer(static self => ((Silo)self!).CollectIdle(), this, Collection.CollectionQuantum, Collection.CollectionQuantum);
        _status = SiloStatus.Running;
        LogStarted(Logger, _classes.Length);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_status != SiloStatus.Running)
            return;
        _status = SiloStatus.Stopping;
        _collector?.Dispose();
        ForEachActivation(static activation => activation.Deactivate(StopReason));
        if (Instruments.Activations == 0)
            _empty.TrySetResult();
        try
        {
            await _empty.Task.WaitAsync(Collection.DeactivationTimeout, Clock, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogStoppedHard(Logger, Instruments.Activations);
        }

        _status = SiloStatus.Stopped;
        foreach (var deadlines in _deadlines.Values)
            deadlines.RefuseAll(Unavailable);
        LogStopped(Logger);
    }

    public void Dispose()
    {
        _collector?.Dispose();
        foreach (var deadlines in _deadlines.Values)
            deadlines.Dispose();
    }

    /// <summary>Throws unless calls are taken. While the host stops, grains may still call those that are in memory.</summary>
    /// <exception cref="SiloUnavailableException">They are not.</exception>
    internal void CheckAccepts(bool fromGrain)
    {
        var status = _status;
        if (status == SiloStatus.Running || (status == SiloStatus.Stopping && fromGrain))
            return;
        throw Unavailable();
    }

    internal SiloUnavailableException Unavailable() => new(_status switch
    {
        SiloStatus.Created => "The grain host has not started yet.",
        SiloStatus.Running => "The grain host cannot take this call.",
        SiloStatus.Stopping => "The grain host is stopping.",
        SiloStatus.Stopped => "The grain host has stopped.",
    });

    internal DeadlineQueue? DeadlinesOf(TimeSpan? timeout) =>
        (timeout is null ? _ordinaryDeadlines : DeadlinesOfTimeout(timeout.Value))?.Mine;

    internal void ActivationBegins() => Instruments.OnActivationBegins();

    internal void ActivationEnded()
    {
        if (Instruments.OnActivationEnded() == 0 && !MayActivate)
            _empty.TrySetResult();
    }

    internal void OneWayFailed(Call call, Exception exception) => LogOneWayFailed(Logger, call.Method.Name, call.Reference.GrainId, exception);

    internal void CallTimedOut(Call call, string description) => LogCallTimedOut(Logger, call.Method.Name, call.Reference.GrainId, description);

    internal void ForEachActivation(Action<Activation> visit)
    {
        foreach (var grainClass in _classes)
            grainClass.ForEachActivation(visit);
    }

    private void CollectIdle()
    {
        var now = Clock.GetTimestamp();
        ForEachActivation(activation => activation.DeactivateIfIdle(now));
    }

    private DeadlineQueues? DeadlinesOfTimeout(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? null
        : _deadlines.GetOrAdd(timeout, static (timeout, self) => new(self.Clock, timeout), this);
}
