using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Load.Hosting;

/// <summary>With the embedded engine grains can be driven in this very process, as the gateway hosts them, without sockets.</summary>
internal static class LoadEngine
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);

    internal static void AddEngine(HostApplicationBuilder builder, StoreOptions store)
    {
        builder.Services.AddChatStore(store);
        builder.Services.AddChatGrains();
        builder.UseOrleans(silo => silo
            .AddGrains(typeof(GrainsServices).Assembly)
            .AddMemoryStreams(TenantStreams.Provider)
            .Services.Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CancelRequestOnTimeout = true;
                options.MaxEnqueuedRequestsHardLimit = 2_000;
            }));
    }
}
