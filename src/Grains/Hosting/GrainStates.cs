using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansChat.Grains.States;

namespace OrleansChat.Grains.Hosting;

/// <summary>Where grains keep their states.</summary>
public static class GrainStates
{
    /// <summary>The name under which a host adds the storage.</summary>
    public const string Storage = GrainStateStorage.Name;

    /// <summary>Keeps them in the chat's own store.</summary>
    public static IServiceCollection AddGrainStatesInStore(this IServiceCollection services) =>
        services.AddKeyedSingleton<IGrainStorage, GrainStateStorage>(Storage);
}
