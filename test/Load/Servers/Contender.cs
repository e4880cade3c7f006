using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Load.Servers;

/// <summary>Something that the same load can be put on: a gateway (which build of it), or the bare hub.</summary>
internal abstract record Contender(string Name)
{
    /// <summary>Starts it with the conversations of the load in it.</summary>
    internal abstract Task<RunningServer> StartAsync(Stage stage, CancellationToken cancellationToken);

    /// <summary>Adds the people and conversations of the load to a store.</summary>
    private protected static async Task<string[]> PrepareAsync(Stage stage, LoadStore store, CancellationToken cancellationToken)
    {
        await using var opened = await store.OpenAsync(cancellationToken);
        await LoadTenant.AddPeopleAsync(opened, stage.People, cancellationToken);
        var conversations = stage.Prepare is { } prepare ? await prepare(opened, cancellationToken)
            : stage.Kind == ConversationKind.Direct ? LoadTenant.Pairs(stage.Conversations)
            : await LoadTenant.AddGroupsAsync(opened, stage.Conversations, stage.Members, cancellationToken);
        return [.. conversations.Select(id => id.Value)];
    }

    /// <summary>The gateway of this repository, or another build of it.</summary>
    /// <param name="Title">What it is called in the report.</param>
    /// <param name="Assembly">Its assembly.</param>
    /// <param name="Settings">Configuration or environment of its own.</param>
    internal sealed record Gateway(string Title, string Assembly, params (string Name, string Value)[] Settings) : Contender(Title)
    {
        /// <summary>Bounds per person and tenant are raised: a load run measures the server, not its limits.</summary>
        internal static readonly (string Name, string Value)[] RaisedLimits =
        [
            ("Limits:SendPerSecond", "100000"),
            ("Limits:SendBurst", "100000"),
            ("Limits:TenantSendPerSecond", "1000000"),
            ("Limits:ConnectsPerMinute", "100000"),
        ];

        internal override async Task<RunningServer> StartAsync(Stage stage, CancellationToken cancellationToken)
        {
            if (!File.Exists(Assembly))
            {
                throw new LoadException($"There is no gateway at {Assembly}; build it with -c Release, or name one with --gateway.");
            }

            var store = await LoadStore.CreateAsync(stage.Store, stage.Connection);
            try
            {
                var conversations = await PrepareAsync(stage, store, cancellationToken);
                var tokens = new TokenMaker();
                (string, string)[] settings =
                [
                    .. store.Settings, .. tokens.Settings, .. RaisedLimits, .. stage.Environment, .. Settings,
                    ("Urls", "http://127.0.0.1:0"),
                    ("KeysPath", store.Folder.File("keys")),
                    ("ASPNETCORE_ENVIRONMENT", "Production"),
                    ("Logging:LogLevel:Default", "Warning"),
                ];
                var process = await ServerProcess.StartAsync(
                    Assembly, [], settings, store.Folder.Path, stage.Pinned ? Pinning.ServerCore : null, cancellationToken);
                if (stage.Pinned && store.Database is { } database)
                {
                    await Pinning.PinServerAsync(database);
                }

                return new RunningServer(process, store, conversations, "/hub", tokens);
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A cluster that runs already; the load's people and conversations are added to what is there.</summary>
    internal sealed record Cluster(ClusterTarget Target) : Contender("cluster")
    {
        internal override async Task<RunningServer> StartAsync(Stage stage, CancellationToken cancellationToken)
        {
            if (Target is not { TokenSecret: { } secret, Gateways.Length: > 0 })
            {
                throw new LoadException("Sockets to a cluster need --gateways and --token-secret.");
            }

            var store = await LoadStore.OfClusterAsync(Target);
            var conversations = await PrepareAsync(stage, store, cancellationToken);
            return new RunningServer(new ClusterProcesses(Target), store, conversations, "/hub", new TokenMaker(secret));
        }
    }

    /// <summary>SignalR alone.</summary>
    internal sealed record Bare() : Contender("bare SignalR hub")
    {
        internal override async Task<RunningServer> StartAsync(Stage stage, CancellationToken cancellationToken)
        {
            var process = await ServerProcess.StartAsync(
                typeof(BareHub).Assembly.Location,
                ["bare-server"],
                stage.Environment,
                Path.GetTempPath(),
                stage.Pinned ? Pinning.ServerCore : null,
                cancellationToken);
            string[] conversations = [.. Enumerable.Range(0, stage.Conversations).Select(_ => ConversationId.Of(Guid.CreateVersion7()).Value)];
            return new RunningServer(process, null, conversations, null, null);
        }
    }
}

/// <summary>What a server is prepared with.</summary>
internal sealed record Stage
{
    internal required StoreKind Store { get; init; }

    internal string? Connection { get; init; }

    internal required ConversationKind Kind { get; init; }

    internal required int Conversations { get; init; }

    internal required int Members { get; init; }

    internal required int People { get; init; }

    /// <summary>Writes other conversations than groups or pairs of neighbours; the people are there.</summary>
    internal Func<ChatStore, CancellationToken, Task<ConversationId[]>>? Prepare { get; init; }

    internal required bool Pinned { get; init; }

    /// <summary>More of the server's configuration or environment.</summary>
    internal (string Name, string Value)[] Environment { get; init; } = [];
}

/// <summary>A server that listens, and its store.</summary>
internal sealed record RunningServer(IServer Server, LoadStore? Store, string[] Conversations, string? Target, TokenMaker? Tokens) : IAsyncDisposable
{
    /// <summary>Path and query of the hub for a member of a conversation.</summary>
    internal string TargetOf(int conversation) => Target ?? BareHub.TargetOf(Conversations[conversation]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }
    }
}
