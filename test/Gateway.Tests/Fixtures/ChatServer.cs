using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hosting;
using OrleansChat.Gateway.Sessions;
using OrleansChat.HubClient;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>How a test's gateway differs from the one that runs in production.</summary>
internal sealed record ChatSetup
{
    internal string Environment { get; init; } = "Production";

    /// <summary>True where the test is about rates; otherwise they are out of the way.</summary>
    internal bool DefaultLimits { get; init; }

    internal string[] Settings { get; init; } = [];

    /// <summary>False starts without the helpdesk's key.</summary>
    internal bool KnowsHelpdesk { get; init; } = true;

    /// <summary>The clock of gateway, grains and store.</summary>
    internal FakeTimeProvider? Time { get; init; }

    internal Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>Replaces services of the grains, wherever they live.</summary>
    internal Action<IServiceCollection>? ConfigureGrains { get; init; }
}

/// <summary>
/// The real gateway with its grains on a free port, with a SQLite file of its own, and the people who use it. A test has it for
/// itself, or shares it with the others of its class and has a tenant of its own there (see <see cref="SharedServer"/>).
/// </summary>
internal sealed class ChatServer : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen before it says that it did not.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] NoRates =
    [
        "--Limits:SendPerSecond=100000", "--Limits:SendBurst=100000", "--Limits:HistoryPerSecond=100000", "--Limits:HistoryBurst=100000", "--Limits:SearchPerSecond=100000", "--Limits:SearchBurst=100000",
        "--Limits:ReadMarksPerSecond=100000", "--Limits:ConnectsPerMinute=100000", "--Limits:FailedHandshakesPerMinute=100000",
        "--Limits:TenantSendPerSecond=100000", "--Limits:ActivityPerSecond=100000", "--Limits:ActivityBurst=100000",
        "--Limits:WatchPerSecond=100000", "--Limits:WatchBurst=100000", "--Limits:TypingPerSecond=100000", "--Limits:TypingBurst=100000",
        "--Limits:ReportsPerSecond=100000", "--Limits:ReportsBurst=100000", "--Limits:DraftsPerSecond=100000", "--Limits:DraftsBurst=100000",
    ];

    private readonly List<IAsyncDisposable> _people = [];
    private readonly string _folder;
    private readonly bool _isShared;
    private readonly int _linesBefore;
    private GrainHost? _grains;
    private WebApplication? _app;

    private ChatServer(string folder) => _folder = folder;

    private ChatServer(ChatServer server, string tenant)
    {
        (_folder, _grains, _app, _isShared) = (server._folder, server._grains, server._app, true);
        (Helpdesk, Logs, Http, Hub) = (server.Helpdesk.Of(tenant), server.Logs, server.Http, server.Hub);
        _linesBefore = Logs.Lines.Count;
    }

    internal Helpdesk Helpdesk { get; } = new();

    internal LogBook Logs { get; } = new();

    /// <summary>What was logged since the test began.</summary>
    internal IEnumerable<string> Logged => Logs.Lines.Skip(_linesBefore);

    /// <summary>Talks HTTP; keeps no cookies and follows no redirects.</summary>
    internal HttpClient Http { get; private set; } = null!;

    internal Uri Hub { get; private set; } = null!;

    /// <summary>The gateway's services.</summary>
    internal IServiceProvider Services => _app!.Services;

    /// <summary>The services of the grains, wherever they live.</summary>
    internal IServiceProvider Grains => GrainHost.ServicesOf(_grains!, _app!);

    internal string StorePath => Path.Combine(_folder, "chat.db");

    internal static async Task<ChatServer> StartAsync(ChatSetup? setup = null)
    {
        var server = new ChatServer(Directory.CreateTempSubdirectory("chat-").FullName);
        try
        {
            await server.StartAppAsync(setup ?? new ChatSetup());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same server for a test whose people are of a tenant of their own. When it ends they leave, and nobody else.</summary>
    internal ChatServer Of(string tenant) => new(this, tenant);

    /// <summary>Somebody with a valid token of the helpdesk connects, and is welcome.</summary>
    internal async Task<Participant> SignsInAsync(string user, string? tenant = null)
    {
        var session = await ChatSession.ConnectAsync(Hub, new HubCredentials { Token = Helpdesk.Token(user, tenant) }, PatienceToken());
        return Keep(new Participant(user, session));
    }

    /// <summary>Somebody connects with whatever they have.</summary>
    internal async Task<Participant> ConnectsAsync(HubCredentials credentials, string user = "somebody", string? panel = null) =>
        Keep(new Participant(user, await ChatSession.ConnectAsync(HubOf(panel), credentials, PatienceToken())));

    /// <summary>What the handshake says; 101 for somebody who was let in.</summary>
    internal async Task<(int Status, string? RetryAfter)> TriesToConnectAsync(HubCredentials credentials, string query = "", string? panel = null)
    {
        await using var connection = new HubConnection(static (_, _) => { });
        try
        {
            await connection.ConnectAsync(new Uri(HubOf(panel) + query), credentials, PatienceToken());
        }
        catch (WebSocketException)
        {
            // Refused; the status says how.
        }

        return (connection.HttpStatus, connection.HttpHeader("Retry-After"));
    }

    /// <summary>Bytes on a WebSocket, for clients that do not keep to the protocol.</summary>
    internal async Task<RawClient> OpensSocketAsync(string user = "mallory", bool shakesHands = true, bool reads = true) =>
        Keep(await RawClient.OpenAsync(Hub, Helpdesk.Token(user), shakesHands, reads));

    /// <summary>A group with these people; whoever is not known yet is provisioned.</summary>
    internal async Task<string> HasGroupAsync(string title, params string[] people)
    {
        var grains = Services.GetRequiredService<IGrainLink>().Client;
        var tenant = TenantId.Of(Helpdesk.Own);
        foreach (var user in people)
        {
            await grains.GetGrain<IDirectoryGrain>(new TenantKey(tenant).ToString())
                .AdmitAsync(PersonRules.Create(user, Helpdesk.NameOf(user), Role.Agent, DirectoryOptions.NameScalarsCeiling)!, CancellationToken.None);
        }

        var group = ConversationId.Of(Guid.CreateVersion7());
        var created = await grains.GetGrain<IConversationGrain>(new ConversationKey(tenant, group).ToString()).CreateGroupAsync(
            new CreateGroup
            {
                Caller = new Caller { TenantId = tenant, UserId = UserId.Of(people[0]), Name = Helpdesk.NameOf(people[0]), Permissions = RolePermissions.Default(Role.Agent) },
                ClientId = Guid.CreateVersion7(),
                Title = title,
                Members = [.. people.Select(UserId.Of)],
            },
            CancellationToken.None);
        created.Refusal.ShouldBeNull();
        return group.Value;
    }

    internal async Task<HttpResponseMessage> SendsAsync(
        HttpMethod method, string path, string? token = null, string? cookie = null, string? origin = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>The origin of pages that this gateway serves in Development.</summary>
    internal string OwnOrigin => Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>Waits until the gateway has so many live sessions.</summary>
    internal async Task HasSessionsAsync(int sessions)
    {
        var registry = Services.GetRequiredService<SessionRegistry>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var patience = PatienceToken();
        while (registry.All.Count() != sessions)
        {
            await pace.WaitForNextTickAsync(patience);
        }
    }

    /// <summary>Ends the gateway as an operator does; people still connected hear why.</summary>
    internal Task StopAsync() => _app!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        if (_isShared)
        {
            return;
        }

        Http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_grains is not null)
        {
            await _grains.DisposeAsync();
        }
    }

    /// <summary>The hub of the chat's own page, or of a tenant's panel.</summary>
    private Uri HubOf(string? panel) => panel is null ? Hub : new UriBuilder(Hub) { Path = $"/embed/{panel}/hub" }.Uri;

    internal static CancellationToken PatienceToken() => new CancellationTokenSource(Patience).Token;

    private T Keep<T>(T person)
        where T : IAsyncDisposable
    {
        _people.Add(person);
        return person;
    }

    private async Task StartAppAsync(ChatSetup setup)
    {
        _grains = await GrainHost.StartAsync(setup, StorePath, Logs);
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0",
            $"--environment={setup.Environment}",
            .. GrainHost.SettingsOf(StorePath),
            $"--KeysPath={Path.Combine(_folder, "keys")}",
            .. setup.KnowsHelpdesk ? Helpdesk.Settings() : [],
            .. setup.DefaultLimits ? [] : NoRates,
            .. setup.Settings,
        ];
        _app = GatewayHost.Build(arguments, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Logs);
            if (setup.Time is { } time)
            {
                builder.Services.AddSingleton<TimeProvider>(time);
            }

            _grains.Join(builder);
            setup.Configure?.Invoke(builder);
        });
        await _app.StartAsync();
        var address = new Uri(_app.Urls.Single());
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = address,
            Timeout = Patience,
        };
        Hub = new UriBuilder(address) { Scheme = "ws", Path = "/hub" }.Uri;
    }
}
