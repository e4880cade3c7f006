using System.Reflection;
using Orleans.Hosting;

namespace Orleans.Embedded.Hosting;

/// <summary>What the embedded engine needs to be told and Orleans finds out by generated code: which grain classes there are.</summary>
public static class EmbeddedSiloBuilderExtensions
{
    /// <summary>Hosts every grain class of an assembly. They are checked when the host starts; its exception names every fault.</summary>
    public static ISiloBuilder AddGrains(this ISiloBuilder builder, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        Of(builder).Catalog.Add(assembly);
        return builder;
    }

    /// <summary>Hosts one grain class.</summary>
    public static ISiloBuilder AddGrain<TGrain>(this ISiloBuilder builder)
        where TGrain : Grain
    {
        Of(builder).Catalog.Add(typeof(TGrain));
        return builder;
    }

    private static SiloBuilder Of(ISiloBuilder builder) =>
        builder as SiloBuilder ?? throw new ArgumentException("This is not the embedded engine's builder.", nameof(builder));
}
