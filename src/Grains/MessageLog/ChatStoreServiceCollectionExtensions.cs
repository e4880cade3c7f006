using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.States;
using OrleansChat.Grains.Search;
using OrleansChat.Grains.Tenants;
using OrleansChat.Hosting;

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
        services.AddSingleton<IGrainStateStore>(provider => provider.GetRequiredService<ChatStore>().States);
        services.AddSingleton<IAuditStore>(provider => provider.GetRequiredService<ChatStore>().Audit);
        services.AddSingleton<IArchiveStore>(provider => provider.GetRequiredService<ChatStore>().Archive);
        services.AddSingleton<IRetentionStore>(provider => provider.GetRequiredService<ChatStore>().Retention);
        services.AddSingleton<ISearchStore>(provider => provider.GetRequiredService<ChatStore>().Search);
        return services.AddHostedService<ChatStoreLifetime>();
    }

    private sealed class ChatStoreLifetime(ChatStore store) : HostedLifecycle
    {
        public override Task StartingAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

        public override Task StoppedAsync(CancellationToken cancellationToken) => store.DisposeAsync().AsTask();
    }
}
