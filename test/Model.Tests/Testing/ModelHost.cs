using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Model;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Testing;

/// <summary>Where the conversations of a run are stored.</summary>
public enum Store
{
    /// <summary>A SQLite file in memory (tmpfs) where the machine has that; no commit waits for a disk.</summary>
    SqliteInMemory,

    /// <summary>A SQLite file.</summary>
    SqliteFile,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,
}

/// <summary>
/// The real grains on a store, with bounds so low that random commands reach them. One host serves many seeds one after the
/// other, each in a tenant of its own.
/// </summary>
internal sealed class ModelHost : IAsyncDisposable
{
    private const string MemoryFolder = "/dev/shm";

    private readonly IHost _host;
    private readonly string? _folder;

    private ModelHost(StoreOptions store, string? folder)
    {
        _folder = folder;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddChatStore(store);
        builder.Services.AddChatGrains();
        builder.Services.AddSingleton<IEventPublisher>(Events);
        builder.Services.Configure<ConversationOptions>(options =>
        {
            options.MembersMax = Bounds.MembersMax;
            options.MentionsMax = Bounds.MentionsMax;
            options.ReactionsMax = Bounds.ReactionsMax;
            options.WideMentionFreeMax = Bounds.WideMentionFreeMax;
            options.WideMentionUnconfirmedMax = Bounds.WideMentionUnconfirmedMax;
            options.HereMax = Bounds.HereMax;
            options.TextScalarsMax = Bounds.TextScalarsMax;
            options.RememberedCommandsMax = Bounds.RememberedCommandsMax;
        });
        builder.Services.Configure<InboxOptions>(options => options.DraftsMax = Bounds.DraftsMax);
        TestEngine.AddEngine(builder);
        _host = builder.Build();
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero).AddTicks(1_234_567));

    internal EventRecord Events { get; } = new();

    internal ChatStore Store => _host.Services.GetRequiredService<ChatStore>();

    internal static async Task<ModelHost> StartAsync(Store store, Func<Task<string>>? database = null)
    {
        var folder = store switch
        {
            Testing.Store.SqliteInMemory when Directory.Exists(MemoryFolder) =>
                Directory.CreateDirectory(Path.Combine(MemoryFolder, "orleans-chat-model-" + Guid.NewGuid().ToString("N"))).FullName,
            Testing.Store.SqliteInMemory or Testing.Store.SqliteFile => Directory.CreateTempSubdirectory("orleans-chat-model-").FullName,
            Testing.Store.Postgres => null,
        };
        var host = new ModelHost(
            folder is null
                ? new PostgresStoreOptions { ConnectionString = await database!(), Readers = 4 }
                : new SqliteStoreOptions { Path = Path.Combine(folder, "chat.db"), Readers = 1 },
            folder);
        await host._host.StartAsync();
        return host;
    }

    internal IConversationGrain Conversation(TenantId tenant, ConversationId id) =>
        Grain<IConversationGrain>(new ConversationKey(tenant, id).ToString());

    internal IUnreadGrain Inbox(TenantId tenant, UserId user) => Grain<IUnreadGrain>(new UserKey(tenant, user).ToString());

    internal IPresenceGrain Presence(TenantId tenant, UserId user) => Grain<IPresenceGrain>(new PresenceKey(tenant, user).ToString());

    internal IDirectoryGrain People(TenantId tenant) => Grain<IDirectoryGrain>(new TenantKey(tenant).ToString());

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(key);
}
