using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Grains.Conversations;

namespace OrleansChat.Grains.Hosting;

/// <summary>What the grains need, whichever host they live in.</summary>
public static class GrainsServices
{
    /// <summary>Adds the options and services of the grains. The store is added by the host.</summary>
    public static IServiceCollection AddChatGrains(this IServiceCollection services)
    {
        services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IEventPublisher, StreamEventPublisher>();
        return services;
    }
}
