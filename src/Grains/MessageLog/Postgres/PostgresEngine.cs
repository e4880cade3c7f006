using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog.Postgres;

internal sealed class PostgresEngine(PostgresStoreOptions options) : IStoreEngine
{
    public IMessageLog Log => throw NotYet();

    public IInboxStore Inbox => throw NotYet();

    public IDirectoryStore Directory => throw NotYet();

    public Task StartAsync(CancellationToken cancellationToken) => throw NotYet();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreStartException NotYet() => new($"{options.GetType().Name} is not served yet.");
}
