using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.States;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>
/// The real grains on the engine of this build and a store of the test's own, with three people of one tenant, a clock that
/// only the test moves, a log whose appends can fail and a publisher that can.
/// </summary>
internal sealed class ChatHost : IAsyncDisposable
{
    /// <summary>Nothing in a test waits longer than this of real time.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder;
    private readonly StoreOptions _options;
    private readonly Action<ConversationOptions> _configure;
    private readonly bool _realStreams;
    private readonly TimeSpan _responseTimeout;
    private IHost? _host;

    private ChatHost(TempFolder folder, StoreOptions options, Action<ConversationOptions> configure, bool realStreams, TimeSpan responseTimeout)
    {
        (_folder, _options, _configure, _realStreams, _responseTimeout) = (folder, options, configure, realStreams, responseTimeout);
        (Ann, Bob, Cleo) = (Person("ann", "Ann Archer"), Person("bob", "Bob Baker"), Person("cleo", "Cleo Cook"));
    }

    internal TenantId Tenant { get; } = TenantId.Of("acme");

    /// <summary>Starts at a time with a fraction that no store keeps.</summary>
    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero).AddTicks(1_234_567));

    internal TestPublisher Events { get; } = new();

    /// <summary>What becomes of the grains' states.</summary>
    internal GrainStateFaults States { get; } = new();

    internal TestUser Ann { get; }

    internal TestUser Bob { get; }

    internal TestUser Cleo { get; }

    /// <summary>What stands between the grains and the store.</summary>
    internal FaultyMessageLog Log => Services.GetRequiredService<FaultyMessageLog>();

    /// <summary>What is stored, without detours.</summary>
    internal ChatStore Store => Services.GetRequiredService<ChatStore>();

    internal IServiceProvider Services => _host!.Services;

    /// <summary>
    /// Starts the grains. With <paramref name="realStreams"/> events travel in the engine's streams, and all goes by real
    /// time: Orleans moves what is in its streams by timers of the grains' clock.
    /// </summary>
    internal static async Task<ChatHost> StartAsync(
        StoreKind store = StoreKind.Sqlite, Action<ConversationOptions>? configure = null, bool realStreams = false, TimeSpan? responseTimeout = null)
    {
        var folder = new TempFolder();
        var options = store switch
        {
            StoreKind.Sqlite => (StoreOptions)new SqliteStoreOptions { Path = folder.File("chat.db"), Readers = 2 },
            StoreKind.Postgres => new PostgresStoreOptions { ConnectionString = await DatabaseAsync(), Readers = 4 },
        };
        var host = new ChatHost(folder, options, configure ?? (_ => { }), realStreams, responseTimeout ?? Patience);
        await host.StartSiloAsync();
        await host.Store.Directory.AddPeopleAsync(
            host.Tenant, [.. new[] { host.Ann, host.Bob, host.Cleo }.Select(user => user.Record)], CancellationToken.None);
        return host;
    }

    /// <summary>Somebody of the tenant as a caller; only Ann, Bob and Cleo are in its directory.</summary>
    internal TestUser Person(string id, string? name = null) => new(this, Tenant, UserId.Of(id), name ?? id);

    /// <summary>Somebody of another tenant, with an id that this one knows too.</summary>
    internal TestUser Foreigner(string id) => new(this, TenantId.Of("globex"), UserId.Of(id), id);

    internal IConversationGrain Conversation(ConversationId id) => Grain<IConversationGrain>(new ConversationKey(Tenant, id).ToString());

    internal IUnreadGrain Inbox(TestUser user) => Grain<IUnreadGrain>(new UserKey(Tenant, user.Id).ToString());

    internal IPresenceGrain Presence(TestUser user) => Grain<IPresenceGrain>(new PresenceKey(Tenant, user.Id).ToString());

    internal IPresenceReaderGrain PresenceReader(TenantId? tenant = null) => Grain<IPresenceReaderGrain>(new TenantKey(tenant ?? Tenant).ToString());

    internal IPresenceBeatGrain PresenceBeats() => Grain<IPresenceBeatGrain>(IPresenceBeatGrain.Key);

    internal IDirectoryGrain Directory() => Grain<IDirectoryGrain>(new TenantKey(Tenant).ToString());

    /// <summary>The tenant's policy becomes another one.</summary>
    internal async Task DecidesAsync(Func<TenantPolicy, TenantPolicy> decide)
    {
        var policy = decide(await Directory().PolicyAsync(CancellationToken.None));
        (await Directory().SetPolicyAsync(new SetPolicy { Actor = UserId.Of("service"), Policy = policy }, CancellationToken.None)).Refusal.ShouldBeNull();
    }

    /// <summary>The helpdesk deactivates somebody.</summary>
    internal Task DeactivatesAsync(TestUser user) => Directory().PutPeopleAsync(
        new PutPeople { Actor = UserId.Of("service"), People = [user.Record with { Active = false }] }, CancellationToken.None);

    /// <summary>A group of these people, by the first of them.</summary>
    internal static async Task<ConversationId> GroupAsync(params TestUser[] members)
    {
        var group = ConversationId.Of(Guid.NewGuid());
        (await members[0].CreatesAsync(group, "Standup", members)).Refusal.ShouldBeNull();
        return group;
    }

    /// <summary>Stops the grain host and starts another on the same store: nothing is left in memory.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartSiloAsync();
    }

    /// <summary>Lets every activation grow old and waits until the last has ended.</summary>
    internal async Task CollectAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(30));
        await TestEngine.CollectedAsync(Services);
    }

    /// <summary>
    /// Lets what waits for an answer now time out. The embedded engine goes by the test's clock; Orleans by real time, so that
    /// there the wait for the answer takes as long as the timeout, which a test of it therefore keeps short.
    /// </summary>
    internal void PassResponseTimeout() => Time.Advance(_responseTimeout + TimeSpan.FromSeconds(1));

    /// <summary>
    /// All messages as stored. Checks what must hold whatever happened: both counters are gap-free and end at the head, and no
    /// command is stored twice.
    /// </summary>
    internal async Task<ImmutableArray<Message>> StoredAsync(ConversationId conversation)
    {
        var head = (await Store.Log.ReadConversationAsync(Tenant, conversation, CancellationToken.None))?.Head ?? default;
        var viewer = head.Seq == 0 ? Ann.Id : (await Store.Log.ReadConversationAsync(Tenant, conversation, CancellationToken.None))!.Members[0];
        var messages = ImmutableArray.CreateBuilder<Message>();
        while (messages.Count < head.Seq)
        {
            var page = await Store.Log.ReadMessagesAsync(Tenant, conversation, viewer, messages.Count + 1, head.Seq, CancellationToken.None);
            page.ShouldNotBeNull().Messages.ShouldNotBeEmpty();
            messages.AddRange(page.Messages);
        }

        var revs = new List<long>();
        while (revs.Count < head.Rev)
        {
            // A page of changes is at most 200; ask from the end backwards so that each question is answerable.
            var since = Math.Max(0, head.Rev - revs.Count - IMessageLog.PageRowsMax);
            var read = await Store.Log.ReadChangesAsync(Tenant, conversation, null, since, CancellationToken.None);
            if (read!.Reset)
            {
                break;
            }

            revs.InsertRange(0, read.Changes.Select(change => change.Rev).Take(read.Changes.Length - revs.Count));
        }

        messages.Select(message => message.Seq).ShouldBe(Enumerable.Range(1, (int)head.Seq).Select(seq => (long)seq));
        if (revs.Count == head.Rev)
        {
            revs.ShouldBe(Enumerable.Range(1, (int)head.Rev).Select(rev => (long)rev));
        }

        messages.Select(message => (message.AuthorId, message.ClientId)).ShouldBeUnique();
        return messages.ToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        Log.ReleaseAll();
        Events.ReleaseAll();
        await StopAsync();
        _folder.Dispose();
    }

    private static async Task<string> DatabaseAsync() =>
        await (await TestContext.Current.GetFixture<PostgresRun>())!.CreateDatabaseAsync();

    private TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey => Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(key);

    private async Task StartSiloAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_realStreams ? TimeProvider.System : Time);
        builder.Services.AddChatStore(_options);
        builder.Services.AddChatGrains();
        builder.Services.Configure(_configure);
        builder.Services.AddSingleton(services => new FaultyMessageLog(services.GetRequiredService<ChatStore>().Log));
        builder.Services.AddSingleton<IMessageLog>(services => services.GetRequiredService<FaultyMessageLog>());
        builder.Services.AddSingleton<IInboxStore>(services => services.GetRequiredService<ChatStore>().Inbox);
        builder.Services.AddSingleton(services => new FaultyGrainStates(services.GetRequiredService<ChatStore>().States, States));
        builder.Services.AddSingleton<IGrainStateStore>(services => services.GetRequiredService<FaultyGrainStates>());
        if (!_realStreams)
        {
            builder.Services.AddSingleton<IEventPublisher>(Events);
        }

        TestEngine.AddEngine(builder, _responseTimeout);
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host!.StopAsync(impatient.Token);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
