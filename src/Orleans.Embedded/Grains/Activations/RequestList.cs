namespace Orleans.Embedded.Grains.Activations;

/// <summary>Requests that wait, in order of arrival; any of them can be removed at once. Guarded by the activation's gate.</summary>
internal sealed class RequestList
{
    internal Request? Head { get; private set; }

    internal Request? Tail { get; private set; }

    internal int Count { get; private set; }

    internal void Append(Request request)
    {
        request.Queue = this;
        request.QueuePrevious = Tail;
        request.QueueNext = null;
        if (Tail is null)
            Head = request;
        else
            Tail.QueueNext = request;
        Tail = request;
        Count++;
    }

    internal void Remove(Request request)
    {
        if (request.QueuePrevious is null)
            Head = request.QueueNext;
        else
            request.QueuePrevious.QueueNext = request.QueueNext;
        if (request.QueueNext is null)
            Tail = request.QueuePrevious;
        else
            request.QueueNext.QueuePrevious = request.QueuePrevious;
        request.Queue = null;
        request.QueuePrevious = null;
        request.QueueNext = null;
        Count--;
    }

    internal Request? FirstReadOnly() => First(static request => request.IsReadOnly);

    /// <summary>Whether something waits that counts as use of the activation.</summary>
    internal bool ContainsUse() => First(static request => request.KeepsAlive) is not null;

    private Request? First(Func<Request, bool> condition)
    {
        for (var request = Head; request is not null; request = request.QueueNext)
        {
            if (condition(request))
                return request;
        }

        return null;
    }
}
