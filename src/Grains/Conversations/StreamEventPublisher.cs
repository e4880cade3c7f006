using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Conversations;

/// <summary>Publishes to the tenant's Orleans streams.</summary>
internal sealed class StreamEventPublisher(
    [FromKeyedServices(TenantStreams.Provider)] IStreamProvider provider, IOptions<ConversationOptions> options) : IEventPublisher
{
    private readonly int _shards = options.Value.StreamShards;

    public Task PublishAsync(ConversationAppended appended)
    {
        var shard = TenantStreams.ShardOf(appended.ConversationId, _shards);
        return provider.GetStream<ConversationAppended>(TenantStreams.Messages(appended.TenantId, shard)).OnNextAsync(appended);
    }

    public Task PublishAsync(TenantSignal signal) =>
        provider.GetStream<TenantSignal>(TenantStreams.Signals(signal.TenantId)).OnNextAsync(signal);
}
