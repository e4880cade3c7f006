using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.Presence;
using OrleansChat.Grains.Tenants;
using OrleansChat.Grains.Search;
using OrleansChat.Hosting;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Hosting;

/// <summary>What the grains need, whichever host they live in.</summary>
public static class GrainsServices
{
    /// <summary>Adds the options and services of the grains. The store is added by the host.</summary>
    public static IServiceCollection AddChatGrains(this IServiceCollection services)
    {
        services.AddBoundedOptions<ConversationOptions>(ConversationOptions.Section);
        services.AddBoundedOptions<DirectoryOptions>(DirectoryOptions.Section);
        services.AddBoundedOptions<InboxOptions>(InboxOptions.Section);
        services.AddHostedService<NotificationPurge>();
        services.AddBoundedOptions<PresenceOptions>(PresenceOptions.Section);
        services.AddBoundedOptions<SearchOptions>(SearchOptions.Section);
        services.AddMetrics();
        services.AddSingleton<GrainInstruments>();
        services.AddSingleton<SearchInstruments>();
        services.AddSingleton<PublishFailures>();
        services.AddSingleton<IEventPublisher, StreamEventPublisher>();
        services.AddHostedService<SearchIndexer>();
        GrainsEngine.AddEngine(services);
        return services;
    }

    /// <summary>The daily purge; where grains are hosted.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddBoundedOptions<RetentionOptions>(RetentionOptions.Section);
        return services.AddHostedService<RetentionJob>();
    }

    /// <summary>In Development, people to sign in as; after the engine, whose grains it calls.</summary>
    public static IServiceCollection AddDemoSeeding(this IServiceCollection services) => services.AddHostedService<DemoSeeding>();
}
