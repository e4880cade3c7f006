using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Hosting;

/// <summary>With the embedded engine this process hosts the grains and their store, and is the only one to do so.</summary>
internal static class ChatEngine
{
    /// <summary>Less than the gateway's deadline for a hub call (8 s), more than the store's for a statement (5 s).</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);

    internal static void AddEngine(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddChatStore(StoreConfiguration.Read(builder.Configuration, exclusive: true));
        services.AddChatGrains();
        builder.UseOrleans(silo => silo
            .AddGrains(typeof(GrainsServices).Assembly)
            .AddMemoryStreams(TenantStreams.Provider)
            .Services.Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CancelRequestOnTimeout = true;
                options.MaxEnqueuedRequestsHardLimit = 2_000;
            }));
        services.AddHostedService<DemoSeeding>();
    }
}
