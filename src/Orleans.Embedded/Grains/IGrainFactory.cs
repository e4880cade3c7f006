namespace Orleans;

/// <summary>Makes references to grains. A reference is cheap, activates nothing by itself and never goes stale.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain of this interface and key.</summary>
    /// <typeparam name="TGrainInterface">An interface that exactly one registered grain class implements.</typeparam>
    /// <param name="primaryKey">The key, not blank.</param>
    /// <param name="grainClassNamePrefix">Must be null: an interface has one implementation here.</param>
    /// <exception cref="ArgumentException">The key is blank, or no registered class implements the interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;
}

/// <summary>The door to the grains for code that is not a grain.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the host, among them the keyed stream providers.</summary>
    IServiceProvider ServiceProvider { get; }
}
