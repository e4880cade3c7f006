using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Embedded.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains.Activations;

/// <summary>One registered grain class in one host: how its objects are made, and the directory of its activations by key.</summary>
internal sealed class GrainClass : IActivationOwner
{
    private readonly ConcurrentDictionary<string, IRequestTarget> _targets = new(StringComparer.Ordinal);
    private readonly Silo _silo;
    private readonly GrainClassDescription _description;
    private readonly GrainActivator _activator;

    internal GrainClass(Silo silo, GrainClassDescription description)
    {
        _silo = silo;
        _description = description;
        _activator = new(description.ClassType);
        CollectionAge = silo.Collection.ClassSpecificCollectionAge.TryGetValue(description.ClassType.FullName!, out var age)
            ? age
            : silo.Collection.CollectionAge;
        Type = GrainType.Create(description.TypeName);
    }

    internal GrainType Type { get; }

    internal TimeSpan CollectionAge { get; }

    internal bool IsStatelessWorker => _description.WorkersMax > 0;

    /// <summary>Whether beginning does more than construct, so that it may take long.</summary>
    internal bool HasWorkToBegin => _activator.ReadsStates || _description.OverridesOnActivate;

    /// <summary>Whether ending may take long.</summary>
    internal bool HasWorkToEnd => _description.OverridesOnDeactivate;

    internal bool IsReentrant => _description.IsReentrant;

    internal Silo Silo => _silo;

    /// <summary>The target of a key, made now if there is none.</summary>
    /// <exception cref="SiloUnavailableException">There is none, and the host takes no new ones.</exception>
    internal IRequestTarget Resolve(string key)
    {
        if (_targets.TryGetValue(key, out var target))
            return target;
        if (!_silo.MayActivate)
            throw _silo.Unavailable();
        target = _targets.GetOrAdd(key, static (key, self) => self.Create(key), this);
        if (!_silo.MayActivate)
            target.ForEachActivation(activation => activation.Deactivate(Silo.StopReason));
        return target;
    }

    /// <summary>Hands the request to whatever answers for the key now.</summary>
    /// <exception cref="OrleansException">Nothing can.</exception>
    internal void Dispatch(string key, Request request)
    {
        var wait = default(SpinWait);
        while (!Resolve(key).TryAccept(request))
            wait.SpinOnce();
    }

    internal bool TryForward(string key, Request request)
    {
        try
        {
            Dispatch(key, request);
            return true;
        }
        catch (OrleansException)
        {
            return false;
        }
    }

    internal ConstructedGrain Construct(Activation activation) => _activator.Construct(activation);

    internal void ForEachActivation(Action<Activation> visit)
    {
        foreach (var (_, target) in _targets)
            target.ForEachActivation(visit);
    }

    public void Remove(Activation activation) => _targets.TryRemove(new(activation.Key, activation));

    public List<Request>? Succeed(Activation activation, List<Request> waiting)
    {
        var forwarded = _silo.MayActivate ? waiting.FindAll(request => request.TryForward(fruitless: !activation.HasRunRequests)) : [];
        if (forwarded.Count == 0)
        {
            Remove(activation);
            return waiting;
        }

        var successor = new Activation(_silo, this, activation.Key, this);
        successor.Inherit(forwarded);
        var replaced = _targets.TryUpdate(activation.Key, successor, activation);
        Debug.Assert(replaced, "Only the activation itself takes itself out of the directory.");
        if (!_silo.MayActivate)
            successor.Deactivate(Silo.StopReason);
        return waiting.FindAll(request => request.Activation == activation);
    }

    internal void Remove(StatelessWorkers workers) => _targets.TryRemove(new(workers.Key, workers));

    private IRequestTarget Create(string key) => IsStatelessWorker
        ? new StatelessWorkers(_silo, this, key, _description.WorkersMax)
        : new Activation(_silo, this, key, this);
}
