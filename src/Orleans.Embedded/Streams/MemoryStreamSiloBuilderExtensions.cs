using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Embedded.Diagnostics;
using Orleans.Embedded.Streams;
using Orleans.Streams;

namespace Orleans.Hosting;

/// <summary>Adds streams that live in memory.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds a provider of in-memory streams under a name.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddOptions<MemoryStreamOptions>(name).Validate(
            static options => options.SubscriberQueueMax > 0, $"{nameof(MemoryStreamOptions.SubscriberQueueMax)} must be above 0.");
        builder.Services.AddKeyedSingleton<IStreamProvider>(name, static (services, key) => new MemoryStreamProvider(
            (string)key!,
            services.GetRequiredService<IOptionsMonitor<MemoryStreamOptions>>().Get((string)key),
            services.GetRequiredService<EmbeddedInstruments>(),
            services.GetRequiredService<ILogger<MemoryStreamProvider>>()));
        return builder;
    }
}
