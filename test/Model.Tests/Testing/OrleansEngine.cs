using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansChat.Grains.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Model.Tests.Testing;

/// <summary>Orleans under the grains: a silo that is the whole cluster. Grains see the test's clock, the silo real time.</summary>
internal static class TestEngine
{
    private static int _silos;

    internal static void AddEngine(IHostApplicationBuilder builder) => builder.UseOrleans(silo => silo
        .UseLocalhostClustering(1 + (Interlocked.Increment(ref _silos) % IPEndPoint.MaxPort), gatewayPort: 0)
        .AddMemoryGrainStorage("PubSubStore")
        .AddMemoryStreams(TenantStreams.Provider)
        .Services
        .AddGrainStatesInStore()
        .AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System)
        .AddKeyedSingleton(TimeProviderNames.Grains, (services, _) => services.GetRequiredService<TimeProvider>())
        .Configure<EndpointOptions>(options => options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0)));
}
