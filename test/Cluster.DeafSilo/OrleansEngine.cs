using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Hosting;
using OrleansChat.Inbox;
using OrleansChat.Silo;

namespace OrleansChat.Cluster.DeafSilo;

/// <summary>The silo as it is, except that not one event leaves it: neither what grains tell gateways nor the canaries.</summary>
internal static class DeafSilo
{
    internal static Task<int> RunAsync(string[] args) => HostCommands.ServeAsync(
        configure => SiloHost.Build(args, builder =>
        {
            configure(builder);
            LoseEvents(builder);
        }),
        app => $"Silo {SiloHost.NameOf(app)} is active");

    private static void LoseEvents(WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IEventPublisher, NoEvents>());
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(CanaryPublisher)));
    }

    private sealed class NoEvents : IEventPublisher
    {
        public Task PublishAsync(ConversationAppended appended) => Task.CompletedTask;

        public Task PublishAsync(TenantSignal signal) => Task.CompletedTask;
    }
}
