using Orleans.Embedded.Hosting;

namespace Orleans.Embedded.Grains.Activations;

/// <summary>The interchangeable activations of one key of a stateless worker: a call goes to an idle one, to a new one, or to the least busy.</summary>
internal sealed class StatelessWorkers(Silo silo, GrainClass grainClass, string key, int workersMax) : IRequestTarget, IActivationOwner
{
    private readonly object _gate = new();
    private readonly List<Activation> _workers = [];
    private bool _ended;

    internal string Key => key;

    public bool TryAccept(Request request)
    {
        // Choosing and queueing are one step: two calls at once must not choose the same idle worker. Gates are taken
        // in this order only: the workers', then the activation's.
        lock (_gate)
        {
            while (!_ended)
            {
                var worker = Choose();
                if (worker.TryAccept(request))
                    return true;
                _workers.Remove(worker);
            }

            return false;
        }
    }

    public void ForEachActivation(Action<Activation> visit)
    {
        Activation[] workers;
        lock (_gate)
            workers = [.. _workers];
        foreach (var worker in workers)
            visit(worker);
    }

    public void Remove(Activation activation)
    {
        lock (_gate)
        {
            _workers.Remove(activation);
            if (_workers.Count > 0)
                return;
            _ended = true;
        }

        grainClass.Remove(this);
    }

    public List<Request>? Succeed(Activation activation, List<Request> waiting)
    {
        Remove(activation);
        List<Request>? refused = null;
        foreach (var request in waiting)
        {
            if (!silo.MayActivate || !request.TryForward(fruitless: !activation.HasRunRequests) || !grainClass.TryForward(key, request))
                (refused ??= []).Add(request);
        }

        return refused;
    }

    private Activation Choose()
    {
        Activation? leastBusy = null;
        var leastLoad = int.MaxValue;
        foreach (var worker in _workers)
        {
            var load = worker.Load;
            if (load == 0)
                return worker;
            if (load < leastLoad)
                (leastBusy, leastLoad) = (worker, load);
        }

        if (leastBusy is not null && _workers.Count >= workersMax)
            return leastBusy;
        var added = new Activation(silo, grainClass, key, this);
        _workers.Add(added);
        return added;
    }
}
