using Orleans.Embedded.Grains.Activations;
using Orleans.Runtime;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>The base of the generated proxies: names a grain and remembers where its last call went.</summary>
internal abstract class GrainReference(GrainClass grainClass, string key) : IAddressable
{
    private IRequestTarget? _target;

    internal GrainClass Class { get; } = grainClass;

    internal string Key { get; } = key;

    internal GrainId GrainId => new(Class.Type, IdSpan.Create(Key));

    /// <summary>Hands the call to the grain's activation.</summary>
    /// <exception cref="OrleansException">Nothing can take it.</exception>
    internal void Dispatch(Call call)
    {
        var target = Volatile.Read(ref _target);
        if (target is not null && target.TryAccept(call))
            return;
        var wait = default(SpinWait);
        while (true)
        {
            target = Class.Resolve(Key);
            if (target.TryAccept(call))
                break;
            wait.SpinOnce();
        }

        Volatile.Write(ref _target, target);
    }

    public override bool Equals(object? obj) => obj is GrainReference other && other.Class == Class && other.Key == Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => GrainId.ToString();
}
