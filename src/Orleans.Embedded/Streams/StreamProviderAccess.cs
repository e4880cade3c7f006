using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans;

/// <summary>Finds the stream providers for a grain.</summary>
public static class GrainStreamingExtensions
{
    /// <summary>The stream provider of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static IStreamProvider GetStreamProvider(this Grain grain, string name) => GetStreamProvider((IGrainBase)grain, name);

    /// <summary>The stream provider of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return Find(grain.GrainContext.ActivationServices, name);
    }

    internal static IStreamProvider Find(IServiceProvider services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.GetKeyedService<IStreamProvider>(name) ?? throw new KeyNotFoundException($"Stream provider '{name}' not found");
    }
}

/// <summary>Finds the stream providers for code that is not a grain.</summary>
public static class ClientStreamingExtensions
{
    /// <summary>The stream provider of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
    {
        ArgumentNullException.ThrowIfNull(client);
        return GrainStreamingExtensions.Find(client.ServiceProvider, name);
    }
}
