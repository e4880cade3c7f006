using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Embedding;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Embedding;

/// <summary>The chat as a panel in the helpdesk's page: who may frame it, what its cookie is worth, and what pages of others cannot do with it.</summary>
public sealed class PanelTests
{
    private const string Host = "chat.example.com";
    private const string Own = "https://" + Host;
    private const string Desk = "https://desk.example.com";
    private const string Evil = "https://evil.example";
    private const string Acme = "/embed/" + Helpdesk.Tenant;
    private const string FrameAncestors = "frame-ancestors ";

    private static readonly string[] Settings = [$"--Origins:Allowed:0={Own}", $"--Origins:Allowed:1={Desk}", "--Limits:UnknownPanelsPerMinute=100000"];

    /// <summary>What browsers send with a request that does not come from a page of the chat, whoever's it is.</summary>
    private static readonly string?[] ForeignOrigins =
    [
        null, "null", Evil, Desk, Own + ".evil.example", Own + "/", Own + ":443", "http://" + Host, "HTTPS://CHAT.EXAMPLE.COM", "https://evil.example#" + Own,
        Host, "https://x" + Host, Own + " " + Own, Own + ", " + Evil,
    ];

    [Fact]
    [Rule("S9")]
    public async Task Page_OfATenant_IsFramedByThePagesThatItNamedAlone()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        await FramesAsync(chat, Helpdesk.Tenant, Desk, "http://localhost:8080");
        await FramesAsync(chat, "globex", "https://globex.example");
        var usual = await PolicyAsync(chat, "/");
        usual.ShouldContain(FrameAncestors + "'none'");

        foreach (var path in (string[])[Acme, Acme + "/", Acme + "?x=1", Acme + "/some/page"])
        {
            (await PolicyAsync(chat, path)).ShouldBe(usual.Replace(FrameAncestors + "'none'", $"{FrameAncestors}{Desk} http://localhost:8080", StringComparison.Ordinal), path);
        }

        (await PolicyAsync(chat, "/embed/globex")).ShouldContain(FrameAncestors + "https://globex.example");
        foreach (var path in (string[])
        [
            "/", "/some/page", "/embed", "/embed/", "/embed/nobody", "/embed/" + new string('x', 65), "/embed/%01", "/EMBED/acme", "/embed/Acme", "/embed/acme%20", "/embed//acme",
            Acme + "/api/session", Acme + "/api/embedding", Acme + "/api/none", Acme + "/hub", Acme + "/health/live", Acme + "/icon.png", Acme + "/openapi/v1.json",
        ])
        {
            (await PolicyAsync(chat, path)).ShouldBe(usual, path);
        }

        using var page = await chat.SendsAsync(HttpMethod.Get, Acme);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await TextAsync(page)).ShouldBe(await TextAsync(await chat.SendsAsync(HttpMethod.Get, "/")));
        using var known = await chat.SendsAsync(HttpMethod.Get, "/embed/nobody");
        (await TextAsync(known)).ShouldBe(await TextAsync(page));
    }

    [Fact]
    [Rule("S9")]
    public async Task Page_OfATenantWithASlashInItsId_IsFound()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        await FramesAsync(chat, "a/b c%", Desk);

        (await PolicyAsync(chat, "/embed/a%2Fb%20c%25")).ShouldContain(FrameAncestors + Desk);
        using var signedIn = await SignsInAsync(chat, "ann", "a/b c%", panel: "a%2Fb%20c%25");
        signedIn.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    [Rule("S9")]
    public async Task Page_OriginsThatChanged_CountAfterSomeSeconds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings, Time = time });
        (await PolicyAsync(chat, Acme)).ShouldContain(FrameAncestors + "'none'");
        foreach (var origins in (string[][])[[Desk], ["https://other.example"], []])
        {
            await FramesAsync(chat, Helpdesk.Tenant, origins);
            time.Advance(PanelFrames.FreshFor);

            (await PolicyAsync(chat, Acme)).ShouldContain(FrameAncestors + (origins is [var origin] ? origin : "'none'"));
            (await TextAsync(await chat.SendsAsync(HttpMethod.Get, Acme + "/api/embedding"))).ShouldBe($$"""{"frameOrigins":{{JsonSerializer.Serialize(origins)}}}""");
        }
    }

    [Fact]
    [Rule("S9")]
    public async Task Page_GrainsGone_IsFramedAsItWasLastAndElseNotServed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings, Time = time, Configure = FlakyLink.Replace });
        await FramesAsync(chat, Helpdesk.Tenant, Desk);
        await PolicyAsync(chat, Acme);
        chat.Services.GetRequiredService<FlakyLink>().Failure = new StoreUnavailableException("The disk is gone.");
        time.Advance(TimeSpan.FromMinutes(1));

        (await PolicyAsync(chat, Acme)).ShouldContain(FrameAncestors + Desk);
        using var unknown = await chat.SendsAsync(HttpMethod.Get, "/embed/globex");
        unknown.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        unknown.Headers.GetValues("Content-Security-Policy").Single().ShouldContain(FrameAncestors + "'none'");
    }

    [Fact]
    [Rule("S14")]
    public async Task Page_OfManyTenantsThatNobodyKnows_IsRefusedWhileThoseThatAreKnownAreServed()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { DefaultLimits = true, Settings = [$"--Origins:Allowed:0={Own}"] });
        await FramesAsync(chat, Helpdesk.Tenant, Desk);
        await PolicyAsync(chat, Acme);
        for (var number = 1; number <= 60; number++)
        {
            (await StatusAsync(chat, HttpMethod.Get, $"/embed/nobody{number}")).ShouldBe(200);
        }

        using var refused = await chat.SendsAsync(HttpMethod.Get, "/embed/nobody");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.ToString().ShouldBe("60");
        (await StatusAsync(chat, HttpMethod.Get, "/embed/nobody/api/embedding")).ShouldBe(429);
        (await StatusAsync(chat, HttpMethod.Get, "/embed/nobody60")).ShouldBe(200, "its answer is known");
        (await StatusAsync(chat, HttpMethod.Get, Acme)).ShouldBe(200);
    }

    [Theory]
    [Rule("S6")]
    [InlineData("Production", "__Host-chat-panel-")]
    [InlineData("Development", "chat-panel-")]
    public async Task SignIn_InAPanel_GivesAPartitionedCookieOfItsOwn(string environment, string name)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings, Environment = environment });
        using var answer = await SignsInAsync(chat, "ann");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var attributes = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split("; ");
        attributes[0].ShouldStartWith(name);
        attributes[1..].Where(attribute => !attribute.StartsWith("expires", StringComparison.Ordinal)).ShouldBe(["path=/", "secure", "samesite=none", "httponly", "Partitioned"], ignoreOrder: true);
        using var globex = await SignsInAsync(chat, "ann", "globex");
        globex.Headers.GetValues("Set-Cookie").Single().Split('=')[0].ShouldNotBe(attributes[0].Split('=')[0], "two panels in one browser keep their people");

        using var signedOut = await chat.SendsAsync(HttpMethod.Delete, Acme + "/api/session", cookie: attributes[0], origin: Own, headers: ("Host", Host));
        signedOut.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var gone = signedOut.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split("; ");
        gone[0].ShouldBe(attributes[0].Split('=')[0] + "=");
        gone.ShouldContain("Partitioned", "browsers remove the cookie of this partition only so");
    }

    [Fact]
    [Rule("S6")]
    public async Task SignIn_FromAnyOtherPageThanThePanels_IsForbidden()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var cookie = await CookieAsync(chat, "ann");
        foreach (var origin in ForeignOrigins)
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Delete, HttpMethod.Put, HttpMethod.Patch])
            {
                using var answer = await chat.SendsAsync(
                    method, Acme + "/api/session", chat.Helpdesk.Token("ann"), cookie, origin, headers: [("Host", Host), ("Sec-Fetch-Site", "same-origin")]);
                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} from {origin}");
                answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
            }
        }

        // An allowed origin that is not the one that is called: a proxy in front must say what was called.
        (await StatusAsync(chat, HttpMethod.Post, Acme + "/api/session", chat.Helpdesk.Token("ann"), origin: Own)).ShouldBe(403);
        (await StatusAsync(chat, HttpMethod.Post, Acme + "/api/session", origin: Own, host: Host)).ShouldBe(401, "nobody's token");
    }

    [Fact]
    [Rule("S6")]
    public async Task EveryChange_BelowAPanel_NeedsThePanelsOwnPage()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var cookie = await CookieAsync(chat, "olga", role: "owner");
        (HttpMethod, string, string)[] changes =
        [
            (HttpMethod.Post, "/api/audit/readings", """{"conversationId":"c/1","reason":"why","minutes":5}"""),
            (HttpMethod.Put, "/api/retention/conversations/c%2F1", """{"days":1}"""),
            (HttpMethod.Put, "/api/provisioning/tenant", "{}"),
        ];
        foreach (var (method, path, body) in changes)
        {
            foreach (var origin in ForeignOrigins)
            {
                (await StatusAsync(chat, method, Acme + path, cookie: cookie, origin: origin, host: Host, body: body)).ShouldBe(403, $"{path} from {origin}");
            }
        }

        (await StatusAsync(chat, HttpMethod.Post, Acme + "/api/audit/readings", cookie: cookie, origin: Own, host: Host, body: changes[0].Item3)).ShouldBe(404, "let in, and there is no such conversation");
        (await StatusAsync(chat, HttpMethod.Put, Acme + "/api/provisioning/tenant", cookie: cookie, origin: Own, host: Host, body: "{}")).ShouldBe(403);
        (await StatusAsync(chat, HttpMethod.Put, Acme + "/api/provisioning/tenant", chat.Helpdesk.ServiceToken(), origin: Own, host: Host, body: "{}")).ShouldBe(401, "services have no panels");
    }

    [Fact]
    [Rule("S6")]
    public async Task Read_WithThePanelsCookie_CountsForThePanelsOwnPageAlone()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var cookie = await CookieAsync(chat, "ann");

        (await ReadAsync(("Sec-Fetch-Site", "same-origin"))).ShouldBe(200);
        (await ReadAsync(("Origin", Own))).ShouldBe(200);
        (await ReadAsync()).ShouldBe(401, "an image, a link or a form of another page, in a browser that says nothing");
        foreach (var site in (string[])["cross-site", "same-site", "none", "", "same-origin, cross-site"])
        {
            (await ReadAsync(("Sec-Fetch-Site", site))).ShouldBe(401, site);
        }

        foreach (var origin in ForeignOrigins.OfType<string>())
        {
            (await ReadAsync(("Origin", origin), ("Sec-Fetch-Site", "same-origin"))).ShouldBe(401, origin);
        }

        async Task<int> ReadAsync(params (string, string)[] headers)
        {
            using var answer = await chat.SendsAsync(HttpMethod.Get, Acme + "/api/session", cookie: cookie, headers: [("Host", Host), .. headers]);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    [Rule("S6")]
    [Rule("G6")]
    public async Task Connect_WithThePanelsCookie_OnlyFromThePanelsOwnPage()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var cookie = await CookieAsync(chat, "ann");

        var ann = await chat.ConnectsAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host }, "ann", Helpdesk.Tenant);
        (await ann.HearsAsync("welcome")).GetProperty("user").GetProperty("userId").GetString().ShouldBe("ann");
        foreach (var origin in ForeignOrigins)
        {
            (await StatusAsync(new HubCredentials { Cookie = cookie, Origin = origin, Host = Host })).ShouldBe(403, origin);
            (await StatusAsync(new HubCredentials { Cookie = cookie, Token = chat.Helpdesk.Token("ann"), Origin = origin, Host = Host })).ShouldBe(403, origin);
        }

        (await StatusAsync(new HubCredentials { Cookie = cookie, Origin = Own })).ShouldBe(403, "another host was called");
        (await StatusAsync(new HubCredentials { Origin = Own, Host = Host })).ShouldBe(401);
        (await chat.TriesToConnectAsync(new HubCredentials { Origin = Own, Host = Host }, "?access_token=" + chat.Helpdesk.Token("ann"), Helpdesk.Tenant)).Status.ShouldBe(401);

        async Task<int> StatusAsync(HubCredentials credentials) => (await chat.TriesToConnectAsync(credentials, panel: Helpdesk.Tenant)).Status;
    }

    [Fact]
    [Rule("S6")]
    public async Task Cookie_OfThePanelOrOfThePage_CountsForNothingInTheOthersPlace()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var panel = await CookieAsync(chat, "ann");
        using var exchanged = await chat.SendsAsync(HttpMethod.Post, "/api/session", chat.Helpdesk.Token("ann"));
        var page = exchanged.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        string[] wrongInPage = [panel, "__Host-chat=" + ValueOf(panel)];
        string[] wrongInPanel = [page, panel.Split('=')[0] + "=" + ValueOf(page)];

        foreach (var cookie in wrongInPage)
        {
            (await StatusAsync(chat, HttpMethod.Get, "/api/session", cookie: cookie, origin: Own, host: Host)).ShouldBe(401);
            (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host })).Status.ShouldBe(401);
        }

        foreach (var cookie in wrongInPanel)
        {
            (await StatusAsync(chat, HttpMethod.Get, Acme + "/api/session", cookie: cookie, origin: Own, host: Host)).ShouldBe(401);
            (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host }, panel: Helpdesk.Tenant)).Status.ShouldBe(401);
        }

        (await StatusAsync(chat, HttpMethod.Get, "/api/session", cookie: page, origin: Own, host: Host)).ShouldBe(200);
        (await StatusAsync(chat, HttpMethod.Get, Acme + "/api/session", cookie: panel, origin: Own, host: Host)).ShouldBe(200);
    }

    [Fact]
    [Rule("R3")]
    public async Task Panel_OfAnotherTenant_KnowsNobodyOfThisOne()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var acme = await CookieAsync(chat, "ann");
        var globex = await CookieAsync(chat, "ann", "globex");
        using var foreign = await SignsInAsync(chat, "ann", panel: "globex");
        foreign.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreign.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var service = await chat.SendsAsync(HttpMethod.Post, Acme + "/api/session", chat.Helpdesk.ServiceToken(), origin: Own, headers: ("Host", Host));
        service.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // As it is, beside the right one, and under the right one's name.
        foreach (var cookie in (string[])[acme, globex.Split('=')[0] + "=" + ValueOf(acme)])
        {
            (await StatusAsync(chat, HttpMethod.Get, "/embed/globex/api/session", cookie: cookie, origin: Own, host: Host)).ShouldBe(401);
            (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host }, panel: "globex")).Status.ShouldBe(401);
        }

        using var both = await chat.SendsAsync(HttpMethod.Get, "/embed/globex/api/session", cookie: $"{acme}; {globex}", origin: Own, headers: ("Host", Host));
        (await TextAsync(both)).ShouldStartWith("""{"tenant":"globex",""");
    }

    [Fact]
    [Rule("S5")]
    public async Task Panel_OfADeactivatedPerson_IsClosedAndNotOpenedAgain()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = Settings });
        var cookie = await CookieAsync(chat, "ann");
        var ann = await chat.ConnectsAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host }, "ann", Helpdesk.Tenant);

        using var put = await chat.SendsAsync(
            HttpMethod.Put, "/api/provisioning/people", chat.Helpdesk.ServiceToken(), content: Json("""{"people":[{"userId":"ann","name":"Ann","role":"agent","active":false}]}"""));

        put.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ann.HearsAsync("closing")).GetProperty("code").GetInt32().ShouldBe(3501);
        (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = Own, Host = Host }, panel: Helpdesk.Tenant)).Status.ShouldBe(403);
        using var again = await SignsInAsync(chat, "ann");
        again.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>The tenant's helpdesk says which pages may show the panel.</summary>
    private static async Task FramesAsync(ChatServer chat, string tenant, params string[] origins)
    {
        using var answer = await chat.SendsAsync(
            HttpMethod.Put, "/api/provisioning/tenant", chat.Helpdesk.ServiceToken(tenant), content: Json(JsonSerializer.Serialize(new { frameOrigins = origins })));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
    }

    /// <summary>The frame hands the token over, as a browser sends it.</summary>
    private static Task<HttpResponseMessage> SignsInAsync(ChatServer chat, string user, string tenant = Helpdesk.Tenant, string? panel = null, string role = "agent") =>
        chat.SendsAsync(HttpMethod.Post, $"/embed/{panel ?? tenant}/api/session", chat.Helpdesk.TokenAs(user, role, tenant), origin: Own, headers: ("Host", Host));

    private static async Task<string> CookieAsync(ChatServer chat, string user, string tenant = Helpdesk.Tenant, string role = "agent")
    {
        using var answer = await SignsInAsync(chat, user, tenant, role: role);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static string ValueOf(string cookie) => cookie[(cookie.IndexOf('=') + 1)..];

    private static async Task<string> PolicyAsync(ChatServer chat, string path)
    {
        using var answer = await chat.SendsAsync(HttpMethod.Get, path);
        return answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
    }

    private static async Task<int> StatusAsync(
        ChatServer chat, HttpMethod method, string path, string? token = null, string? cookie = null, string? origin = null, string? host = null, string? body = null)
    {
        using var answer = await chat.SendsAsync(
            method, path, token, cookie, origin, body is null ? null : Json(body), headers: host is null ? [] : [("Host", host)]);
        return (int)answer.StatusCode;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
