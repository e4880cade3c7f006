using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Storage;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds grain storage that lasts as long as the host.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds it under a name.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, static (_, _) => new MemoryGrainStorage());
        return builder;
    }

    /// <summary>Adds it as the storage of states that name none.</summary>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) =>
        AddMemoryGrainStorage(builder, PersistentStateFactory.DefaultStorageName);
}
