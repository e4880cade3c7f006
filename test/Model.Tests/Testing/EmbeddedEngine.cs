using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Model.Tests.Testing;

/// <summary>The embedded engine under the grains; all of its time is the test's clock.</summary>
internal static class TestEngine
{
    internal static void AddEngine(IHostApplicationBuilder builder) => builder.UseOrleans(silo => silo
        .AddGrains(typeof(GrainsServices).Assembly)
        .AddMemoryStreams(TenantStreams.Provider)
        .Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromDays(1)));
}
