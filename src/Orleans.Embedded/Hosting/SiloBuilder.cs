using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Diagnostics;
using Orleans.Embedded.Grains;
using Orleans.Hosting;

namespace Orleans.Embedded.Hosting;

/// <summary>The builder of one application's grain host; asked for again, the application gets the same one.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    private SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    internal GrainCatalog Catalog { get; } = new();

    internal static SiloBuilder For(IServiceCollection services, IConfiguration? configuration)
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(SiloBuilder))?.ImplementationInstance is SiloBuilder existing)
            return existing;
        var builder = new SiloBuilder(services, configuration ?? new ConfigurationBuilder().Build());
        services.AddSingleton(builder);
        services.AddLogging();
        services.AddMetrics();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<GrainCollectionOptions>, OptionsValidator>();
        services.AddSingleton<IValidateOptions<SiloMessagingOptions>, OptionsValidator>();
        services.AddSingleton(builder.Catalog);
        services.AddSingleton<EmbeddedInstruments>();
        services.AddSingleton<Silo>();
        services.AddSingleton<IClusterClient>(static services => services.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IGrainFactory>(static services => services.GetRequiredService<Silo>().GrainFactory);
        services.AddHostedService(static services => services.GetRequiredService<Silo>());
        return builder;
    }
}
