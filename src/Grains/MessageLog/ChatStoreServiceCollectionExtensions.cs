using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.Tenants;

namespace OrleansChat.Grains.MessageLog;

/// <summary>Registers the durable store. It starts before the host's other services and is disposed after them.</summary>
public static class ChatStoreServiceCollectionExtensions
{
    /// <summary>Keeps everything in a SQLite file.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, SqliteStoreOptions options) =>
        services.AddChatStore(options);

    /// <summary>Keeps everything in a PostgreSQL database.</summary>
    public static IServiceCollection AddPostgresStore(this IServiceCollection services, PostgresStoreOptions options) =>
        services.AddChatStore(options);

    /// <summary>Keeps everything where the options say.</summary>
    public static IServiceCollection AddChatStore(this IServiceCollection services, StoreOptions options)
    {
        services.AddSingleton(provider => new ChatStore(
            options,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IMessageLog>(provider => provider.GetRequiredService<ChatStore>().Log);
        services.AddSingleton<IInboxStore>(provider => provider.GetRequiredService<ChatStore>().Inbox);
        services.AddSingleton<IDirectoryStore>(provider => provider.GetRequiredService<ChatStore>().Directory);
        return services.AddHostedService<ChatStoreLifetime>();
    }

    private sealed class ChatStoreLifetime(ChatStore store) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => store.DisposeAsync().AsTask();
    }
}
