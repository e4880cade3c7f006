using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Hosting;

/// <summary>With the embedded engine grains are driven in this very process, as the gateway hosts them, without sockets.</summary>
internal static class LoadEngine
{
    internal const string GrainsAreWhere = "grains in process";

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);

    /// <summary>Adds what makes <see cref="IClusterClient"/> reach the grains on this store.</summary>
    /// <exception cref="LoadException">The store belongs to a cluster.</exception>
    internal static void AddGrains(HostApplicationBuilder builder, LoadStore store)
    {
        if (store.IsOfCluster)
        {
            throw new LoadException("The grains of a cluster can be driven only by this tool built with -p:Engine=Orleans.");
        }

        builder.Services.AddChatStore(store.Options);
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
