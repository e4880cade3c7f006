using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansChat.Grains.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>
/// Orleans under the grains of a test: a silo of its own that is the whole cluster and called by its own client. Grains
/// see the test's clock; whatever the silo does behind them goes by real time. Calls are serialized as between processes.
/// </summary>
internal static class TestEngine
{
    private static int _silos;

    internal static void AddEngine(IHostApplicationBuilder builder, TimeSpan responseTimeout)
    {
        // Only a name: the silo listens where there is room, and nobody connects to it.
        var port = 1 + (Interlocked.Increment(ref _silos) % IPEndPoint.MaxPort);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(port, gatewayPort: 0)
            .AddMemoryGrainStorage("PubSubStore")
            .AddMemoryStreams(TenantStreams.Provider)
            .AddIncomingGrainCallFilter<OrleansEngine.AsBetweenProcesses>()
            .Services
            .AddGrainStatesInStore()
            .AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System)
            .AddKeyedSingleton(TimeProviderNames.Grains, (services, _) => services.GetRequiredService<TimeProvider>())
            .Configure<EndpointOptions>(options => options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0))
            .Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = responseTimeout;
                options.CancelRequestOnTimeout = true;
            }));
    }

    /// <summary>Ends every activation of a chat grain that has nothing to do, until there is none.</summary>
    internal static async Task CollectedAsync(IServiceProvider services)
    {
        var management = services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var began = Environment.TickCount64;
        while (await ActivationsAsync(management) is > 0 and var left)
        {
            if (Environment.TickCount64 - began > ChatHost.Patience.TotalMilliseconds)
            {
                throw new TimeoutException($"{left} activations were not collected.");
            }

            await management.ForceActivationCollection(TimeSpan.Zero);
        }
    }

    private static async Task<int> ActivationsAsync(IManagementGrain management)
    {
        var chat = "," + typeof(GrainsServices).Assembly.GetName().Name;
        return (await management.GetSimpleGrainStatistics())
            .Where(grains => grains.GrainType.EndsWith(chat, StringComparison.Ordinal))
            .Sum(grains => grains.ActivationCount);
    }
}
