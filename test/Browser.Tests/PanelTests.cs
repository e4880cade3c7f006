using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>The chat as a panel in the page of a helpdesk that is another site, in a real browser.</summary>
public sealed class PanelTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IAsyncLifetime
{
    private const string Tenant = "demo";

    private readonly TempFolder _folder = new();
    private readonly TokenSigner _signer = new();
    private readonly Uri _chat = new($"http://localhost:{GatewayProcess.FreePort()}");
    private TimeSpan _lifetime = TimeSpan.FromHours(4);
    private GatewayProcess? _gateway;
    private Helpdesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = NewDesk();
        if (chromium.Missing is null)
        {
            _gateway = await GatewayProcess.StartAsync(_chat.Port, _folder.Path, _signer.Settings);
            await FramesAsync(_desk.Origin);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    [Rule("S7")]
    [Rule("S9")]
    [Rule("U2")]
    public async Task Panel_OfTheDocumentedPage_TalksAndTellsWhatIsUnread()
    {
        await using var ann = await VisitsAsync(_desk.Origin);
        await ann.SeesTheChatAsync();
        await ann.SeesUnreadAsync("0 for you, 0 unread");
        await using var bob = await Person.SignsInAsync(await chromium.NewPersonAsync(_chat), "Bob Castillo");
        await bob.OpensConversationWithAsync("Ann Bauer");

        await bob.WritesAsync("Is the printer back?");

        await ann.SeesUnreadAsync("1 for you, 1 unread");
        await ann.Page.EvaluateAsync("() => panel.open('dm/ann~bob')");
        await Assertions.Expect(ann.Chat.GetByRole(AriaRole.Log, new() { Name = "Messages" }).GetByText("Is the printer back?")).ToBeVisibleAsync();
        var composer = ann.Chat.GetByRole(AriaRole.Textbox, new() { Name = "Message" });
        await composer.ClickAsync();
        await ann.SeesUnreadAsync("0 for you, 0 unread");
        await composer.FillAsync("Yes, since ten.");
        await composer.PressAsync("Enter");
        await bob.SeesAsync("Yes, since ten.");

        var cookie = (await ann.Page.Context.CookiesAsync()).ShouldHaveSingleItem();
        cookie.Name.ShouldStartWith("chat-panel-");
        (cookie.HttpOnly, cookie.Secure, cookie.SameSite).ShouldBe((true, true, SameSiteAttribute.None));
        cookie.PartitionKey.ShouldNotBeNullOrEmpty("it is kept for this helpdesk's site alone");
        ann.Addresses.ShouldNotContain(address => address.Contains("eyJ", StringComparison.Ordinal), "a token in an address");
        ann.Errors.ShouldBeEmpty();
        await ann.Page.ScreenshotAsync(new() { Path = Path.Combine(Person.Pictures, "panel.png") });
    }

    [Fact]
    [Rule("S5")]
    public async Task Panel_SessionEnds_AsksForATokenAndGoesOnWhereItWas()
    {
        _lifetime = TimeSpan.FromSeconds(8);
        await using var ann = await VisitsAsync(_desk.Origin);
        await _desk.GivesATokenAsync();
        _lifetime = TimeSpan.FromHours(4);
        await ann.SeesTheChatAsync();
        await ann.Page.EvaluateAsync("() => panel.open('dm/ann~bob')");
        var composer = ann.Chat.GetByRole(AriaRole.Textbox, new() { Name = "Message" });
        await composer.FillAsync("half a sent");

        await _desk.GivesATokenAsync();

        await composer.PressSequentiallyAsync("ence");
        await composer.PressAsync("Enter");
        await Assertions.Expect(ann.Chat.GetByRole(AriaRole.Article).Filter(new() { HasText = "half a sentence" }).GetByRole(AriaRole.Img, new() { Name = "sent" }))
            .ToBeVisibleAsync(new() { Timeout = 15_000 });
        _desk.TokensGiven.ShouldBe(2);
    }

    [Fact]
    [Rule("S5")]
    public async Task Panel_SigningOut_IsNotOfferedForTheHelpdeskWouldSignInAgain()
    {
        await using var ann = await VisitsAsync(_desk.Origin);
        await ann.SeesTheChatAsync();

        await ann.Chat.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }).ClickAsync();

        await Assertions.Expect(ann.Chat.GetByRole(AriaRole.Menuitem, new() { Name = "Settings" })).ToBeVisibleAsync();
        await Assertions.Expect(ann.Chat.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" })).ToHaveCountAsync(0);
    }

    [Fact]
    [Rule("S5")]
    public async Task Panel_SignedOutByTheHelpdesk_KeepsNoCookie()
    {
        await using var ann = await VisitsAsync(_desk.Origin);
        await ann.SeesTheChatAsync();

        await ann.Page.EvaluateAsync("() => panel.signOut()");

        (await ann.Page.Context.CookiesAsync()).ShouldBeEmpty();
        await Assertions.Expect(ann.Chat.GetByRole(AriaRole.List, new() { Name = "Conversations" })).ToHaveCountAsync(0);
        _desk.TokensGiven.ShouldBe(1);
    }

    [Fact]
    [Rule("S9")]
    public async Task Panel_InAPageThatTheTenantDidNotName_IsNotShownAndGetsNoToken()
    {
        await using var evil = NewDesk();
        await using var ann = await VisitsAsync(evil.Origin);

        await ann.SeesTheFrameRefusedAsync();
        evil.TokensGiven.ShouldBe(0);
        await FramesAsync(_desk.Origin, evil.Origin[..^1]); // What only begins like it does not count.
        await ann.Page.ReloadAsync();
        await ann.SeesTheFrameRefusedAsync();
    }

    [Fact]
    [Rule("S9")]
    public async Task ChatsOwnPage_InAPageThatMayShowThePanel_IsNotShown()
    {
        _desk.Has("/own", $"<iframe title='Chat' src='{_chat}'></iframe>");
        await using var ann = await VisitsAsync(_desk.Origin + "/own");

        await ann.SeesTheFrameRefusedAsync();
    }

    private Helpdesk NewDesk() => new(_chat, Tenant, () => _signer.TokenOf(Tenant, "ann", "Ann Bauer", _lifetime));

    private async Task FramesAsync(params string[] origins)
    {
        using var http = new HttpClient { BaseAddress = _chat };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _signer.ServiceTokenOf(Tenant));
        using var answer = await http.PutAsJsonAsync("/api/provisioning/tenant", new { frameOrigins = origins }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<Visitor> VisitsAsync(string address)
    {
        var page = await (await chromium.NewPersonAsync(new Uri(address))).NewPageAsync();
        var visitor = new Visitor(page);
        await page.GotoAsync(address);
        return visitor;
    }

    /// <summary>Somebody who looks at the helpdesk's page.</summary>
    private sealed class Visitor : IAsyncDisposable
    {
        internal Visitor(IPage page)
        {
            Page = page;
            page.Request += (_, request) => Addresses.Add(request.Url);
            page.PageError += (_, error) => Errors.Add(error);
            page.Console += (_, message) =>
            {
                if (message.Type == "error")
                {
                    Errors.Add(message.Text);
                }
            };
        }

        internal IPage Page { get; }

        internal List<string> Addresses { get; } = [];

        internal List<string> Errors { get; } = [];

        internal IFrameLocator Chat => Page.FrameLocator("iframe[title=Chat]");

        internal Task SeesTheChatAsync() => Chat.GetByRole(AriaRole.List, new() { Name = "Conversations" }).WaitForAsync();

        internal Task SeesUnreadAsync(string text) => Assertions.Expect(Page.Locator("#unread")).ToHaveTextAsync(text, new() { Timeout = 15_000 });

        internal async Task SeesTheFrameRefusedAsync()
        {
            await Page.WaitForLoadStateAsync(LoadState.Load);
            Errors.ShouldContain(error => error.Contains("frame-ancestors", StringComparison.Ordinal));
            var frame = await Page.Locator("iframe[title=Chat]").ElementHandleAsync();
            (await frame.ContentFrameAsync())!.Url.ShouldStartWith("chrome-error:");
            Errors.Clear();
        }

        public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
    }
}
