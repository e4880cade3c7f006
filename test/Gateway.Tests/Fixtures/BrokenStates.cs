using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Grains.States;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A store that does not answer when it is asked for states of grains.</summary>
internal sealed class BrokenStates : IGrainStateStore
{
    internal static void Replace(IServiceCollection grains) => grains.AddSingleton<IGrainStateStore, BrokenStates>();

    public Task<StoredGrainState?> ReadAsync(string name, string key, CancellationToken cancellationToken) => throw new StoreUnavailableException("planned");

    public Task<long?> WriteAsync(string name, string key, string content, long? version, CancellationToken cancellationToken) =>
        throw new StoreUnavailableException("planned");

    public Task<bool> RemoveAsync(string name, string key, long version, CancellationToken cancellationToken) => throw new StoreUnavailableException("planned");
}
