using Microsoft.Playwright;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>
/// The real program with the demo's people, and a browser for each of them. One for the tests of a class: they run one after the
/// other, and each takes conversations of its own.
/// </summary>
public class Desk : IAsyncLifetime
{
    /// <summary>A test writes faster than a person.</summary>
    private static readonly Dictionary<string, string> Limits = new()
    {
        ["Limits:SendPerSecond"] = "1000000",
        ["Limits:SendBurst"] = "1000000",
        ["Limits:TenantSendPerSecond"] = "1000000",
        ["Limits:SearchPerSecond"] = "1000",
        ["Limits:SearchBurst"] = "1000",
        ["Limits:CreateGroupsPerMinute"] = "1000000",
        ["Limits:ConnectsPerMinute"] = "1000000",
        ["Limits:FailedHandshakesPerMinute"] = "1000000",
        ["Sockets:MessagesPerSecond"] = "1000000",
        ["Sockets:MessagesBurst"] = "1000000",
    };

    private readonly TempFolder _folder = new();
    private readonly TokenSigner _helpdesk = new();
    private readonly ChromiumFixture _chromium = new();
    private readonly int _port = GatewayProcess.FreePort();
    private GatewayProcess? _gateway;

    internal Uri Address => new($"http://localhost:{_port}");

    private Dictionary<string, string> _settings = [];

    public async ValueTask InitializeAsync()
    {
        await _chromium.InitializeAsync();
        if (_chromium.Missing is null)
        {
            _settings = new(Limits.Concat(_helpdesk.Settings).Concat(await SettingsAsync()));
            await PrepareAsync(_folder.Path);
            _gateway = await GatewayProcess.StartAsync(_port, _folder.Path, _settings);
            await FillAsync();
        }
    }

    /// <summary>Settings of a desk's own, such as another store.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>> SettingsAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Before the program starts.</summary>
    protected virtual Task PrepareAsync(string folder) => Task.CompletedTask;

    /// <summary>Once it serves.</summary>
    protected virtual Task FillAsync() => Task.CompletedTask;

    /// <summary>Somebody of the demo opens the page in a browser of their own and signs in.</summary>
    internal async Task<Person> SignsInAsync(
        string name, ColorScheme colors = ColorScheme.Light, int width = 1200, int height = 760, string locale = "en-GB",
        string? before = null) =>
        await Person.SignsInAsync(await _chromium.NewPersonAsync(Address, colors, width, height, locale), name, before);

    /// <summary>The page before anybody has signed in.</summary>
    internal async Task<Person> OpensAsync(string name, string locale) =>
        await Person.OpensPageAsync(await _chromium.NewPersonAsync(Address, ColorScheme.Light, 1_200, 760, locale), name);

    /// <summary>Somebody without a page: for what only has to arrive. Whoever the demo does not know becomes known.</summary>
    internal Task<ChatSession> ConnectsAsync(string user, string name) =>
        ChatSession.ConnectAsync(
            new Uri($"ws://localhost:{_port}/hub"),
            new HubCredentials { Token = _helpdesk.TokenOf("demo", user, name) },
            CancellationToken.None);

    /// <summary>A group of these people, with a name that no other has.</summary>
    internal static async Task<string> StartsGroupAsync(ChatSession creator, string title, params string[] members)
    {
        var answer = await creator.CallAsync("CreateGroup", new { clientId = Guid.NewGuid(), title, members });
        return answer.GetProperty("conversationId").GetString()!;
    }

    /// <summary>Writes, and waits until it is stored.</summary>
    internal static async Task PostsAsync(ChatSession author, string conversationId, string text)
    {
        var answer = await author.CallAsync("Post", new { conversationId, clientId = Guid.NewGuid(), text });
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.ToString());
    }

    /// <summary>The program dies.</summary>
    internal Task DiesAsync() => _gateway!.KillAsync();

    /// <summary>And somebody starts it again.</summary>
    internal async Task StartsAgainAsync()
    {
        await _gateway!.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_port, _folder.Path, _settings);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _chromium.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
