using System.Collections.Frozen;
using Orleans.Embedded.Grains.Activations;
using Orleans.Embedded.Grains.Calls;

namespace Orleans.Embedded.Grains;

/// <summary>The one factory of a host, which is also its client: inside one process both are the same.</summary>
internal sealed class GrainFactory : IClusterClient
{
    private readonly FrozenDictionary<Type, Binding> _bindings;

    internal GrainFactory(IServiceProvider services, IEnumerable<KeyValuePair<GrainClassDescription, GrainClass>> classes)
    {
        ServiceProvider = services;
        _bindings = classes
            .SelectMany(static pair => pair.Key.Interfaces.Select(type => (Interface: type, Class: pair.Value)))
            .GroupBy(static pair => pair.Interface)
            .Where(static group => group.Count() == 1)
            .ToFrozenDictionary(static group => group.Key, static group => new Binding(group.Single().Class, ProxyEmitter.FactoryFor(group.Key)));
    }

    public IServiceProvider ServiceProvider { get; }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        if (grainClassNamePrefix is not null)
            throw new ArgumentException("An interface has one implementation here; there is nothing to choose by a prefix.", nameof(grainClassNamePrefix));
        if (!_bindings.TryGetValue(typeof(TGrainInterface), out var binding))
            throw new ArgumentException($"No registered grain class is the implementation of {typeof(TGrainInterface)}.");
        return (TGrainInterface)binding.Make(binding.Class, primaryKey);
    }

    private sealed record Binding(GrainClass Class, Func<GrainClass, string, object> Make);
}
