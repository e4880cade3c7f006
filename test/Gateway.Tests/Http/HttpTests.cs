using System.Collections.Immutable;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Http;

/// <summary>What the gateway answers to plain HTTP.</summary>
public sealed class HttpTests(SharedServer server, HttpTests.DevelopmentServer development) : IClassFixture<SharedServer>, IClassFixture<HttpTests.DevelopmentServer>
{
    private const string Page = "https://chat.example.com";

    [Theory]
    [Rule("S9")]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task EveryRoute_WhateverTheAnswer_TellsTheBrowserWhatNotToDo(string environment)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = environment });
        (HttpMethod, string)[] requests =
        [
            (HttpMethod.Get, "/"), (HttpMethod.Get, "/some/page"), (HttpMethod.Get, "/assets/none.js"), (HttpMethod.Get, "/api/session"),
            (HttpMethod.Post, "/api/session"), (HttpMethod.Delete, "/api/session"), (HttpMethod.Get, "/api/none"), (HttpMethod.Put, "/api/session"),
            (HttpMethod.Get, "/api/development/people"), (HttpMethod.Post, "/api/development/session"), (HttpMethod.Get, "/health/live"),
            (HttpMethod.Get, "/health/ready"), (HttpMethod.Get, "/hub"), (HttpMethod.Post, "/hub/negotiate"), (HttpMethod.Get, "/%00"),
            (HttpMethod.Get, "/../../etc/passwd"), (HttpMethod.Get, "/appsettings.json"),
        ];
        foreach (var (method, path) in requests)
        {
            using var answer = await chat.SendsAsync(method, path);
            if (answer.StatusCode == HttpStatusCode.BadRequest && path == "/%00")
            {
                continue; // Refused by the server itself, before there is a request.
            }

            var csp = Header("Content-Security-Policy");
            foreach (var directive in (string[])["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"])
            {
                csp.ShouldContain(directive, Case.Sensitive, $"{method} {path}");
            }

            csp.ShouldNotContain("unsafe");
            Header("X-Content-Type-Options").ShouldBe("nosniff");
            Header("Referrer-Policy").ShouldBe("no-referrer");
            Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
            answer.Headers.Contains("Server").ShouldBeFalse();
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path}");

            string Header(string name) => answer.Headers.TryGetValues(name, out var values)
                ? values.ShouldHaveSingleItem()
                : throw new ShouldAssertException($"{method} {path} has no {name}.");
        }
    }

    [Fact]
    public async Task Page_OfItsOwn_HasWhoIsSignedInAskedForWhileItLoads()
    {
        await using var chat = server.ForOneTest();
        foreach (var (path, asked) in new[] { ("/", true), ("/index.html", true), ("/anything", true), ("/embed/demo/", false), ("/icon.png", false) })
        {
            using var answer = await chat.SendsAsync(HttpMethod.Get, path);
            answer.Headers.TryGetValues("Link", out var links).ShouldBe(asked, path);
            links?.ShouldHaveSingleItem().ShouldBe("</api/session>; rel=preload; as=fetch; crossorigin");
        }

        using var session = await chat.SendsAsync(HttpMethod.Get, "/api/session");
        session.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    public async Task Asset_ForWhomAcceptsIt_ComesCompressed(string accepted, string? coding)
    {
        await using var chat = server.ForOneTest();
        var script = await ScriptOfAsync(chat);
        using var plain = await chat.SendsAsync(HttpMethod.Get, script);

        using var answer = await chat.SendsAsync(HttpMethod.Get, script, headers: ("Accept-Encoding", accepted));

        string.Join(", ", answer.Content.Headers.ContentEncoding).ShouldBe(coding ?? "");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        answer.Headers.Vary.ShouldContain("Accept-Encoding");
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using Stream text = coding switch
        {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var whole = new MemoryStream();
        await text.CopyToAsync(whole, TestContext.Current.CancellationToken);
        whole.ToArray().ShouldBe(await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        if (coding is not null)
        {
            bytes.Length.ShouldBeLessThan((int)whole.Length / 2);
        }
    }

    [Fact]
    public async Task CompressedAsset_AskedForInPartAgainOrWithoutBody_IsTheSameOne()
    {
        await using var chat = server.ForOneTest();
        var script = await ScriptOfAsync(chat);
        using var whole = await AsksAsync(HttpMethod.Get);
        var bytes = await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var tag = whole.Headers.ETag!.ToString();

        using var head = await AsksAsync(HttpMethod.Head);
        (head.StatusCode, head.Headers.ETag!.ToString(), head.Content.Headers.ContentLength).ShouldBe((HttpStatusCode.OK, tag, bytes.Length));
        head.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe("br");
        head.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");

        using var again = await AsksAsync(HttpMethod.Get, ("If-None-Match", tag));
        (again.StatusCode, again.Headers.ETag!.ToString()).ShouldBe((HttpStatusCode.NotModified, tag));
        again.Headers.Vary.ShouldContain("Accept-Encoding");

        using var part = await AsksAsync(HttpMethod.Get, ("Range", "bytes=10-19"), ("If-Range", tag));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes 10-19/{bytes.Length}");
        part.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe("br");
        (await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(bytes[10..20]);

        // Not compressed it is another one: what a cache has of one is never taken for the other.
        using var plain = await chat.SendsAsync(HttpMethod.Get, script);
        plain.Headers.ETag!.ToString().ShouldNotBe(tag);

        Task<HttpResponseMessage> AsksAsync(HttpMethod method, params (string, string)[] headers) =>
            chat.SendsAsync(method, script, headers: [("Accept-Encoding", "br"), .. headers]);
    }

    [Theory]
    [Rule("S6")]
    [InlineData(Page, Page)]
    [InlineData("https://chat.example.com.evil.example", null)]
    [InlineData("null", null)]
    public async Task SignIn_FromAnotherOrigin_IsOpenToTheAllowedOnesOnly(string origin, string? allowed)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Origins:Allowed:0={Page}"] });
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/session");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");

        using var answer = await chat.Http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins);
        origins?.Single().ShouldBe(allowed);
        (origins is null).ShouldBe(allowed is null);
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBe(allowed is not null);
    }

    [Theory]
    [Rule("G6")]
    [InlineData("GET", "/hub")]
    [InlineData("POST", "/hub")]
    [InlineData("DELETE", "/hub")]
    [InlineData("POST", "/hub/negotiate")]
    [InlineData("POST", "/hub/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/hub/")]
    [InlineData("GET", "/hub?id=1")]
    [InlineData("GET", "/HUB")]
    [InlineData("POST", "/Hub/negotiate")]
    [InlineData("GET", "/%68ub")]
    public async Task Hub_WithoutAWebSocket_IsNotThere(string method, string path)
    {
        await using var chat = server.ForOneTest();
        using var answer = await chat.SendsAsync(new HttpMethod(method), path, chat.Helpdesk.Token("ann"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Health_AllIsWell_IsLiveAndReady()
    {
        await using var chat = server.ForOneTest();
        (await chat.SendsAsync(HttpMethod.Get, "/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await chat.SendsAsync(HttpMethod.Get, "/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_StoreGone_IsLiveButNotReadyAndSaysNothingMore()
    {
        await using var chat = await ChatServer.StartAsync();
        await chat.Grains.GetRequiredService<ChatStore>().DisposeAsync();

        (await chat.SendsAsync(HttpMethod.Get, "/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await chat.SendsAsync(HttpMethod.Get, "/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("Unhealthy");
    }

    [Fact]
    [Rule("S25")]
    public async Task Session_StoreGone_Is503WithoutAStackTrace()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            ConfigureGrains = grains => grains.AddSingleton<IDirectoryStore, DirectoryThatIsGone>(),
        });
        var token = chat.Helpdesk.Token("ann");
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var answer = await chat.SendsAsync(method, "/api/session", token);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }

        (await chat.TriesToConnectAsync(new HubClient.HubCredentials { Token = token })).ShouldBe((503, "1"));
    }

    [Theory]
    [Rule("S23")]
    [InlineData("GET", "/api/development/people")]
    [InlineData("POST", "/api/development/session")]
    public async Task Development_InProduction_IsNotThere(string method, string path)
    {
        await using var chat = server.ForOneTest();
        using var answer = await chat.SendsAsync(new HttpMethod(method), path, content: Json("""{"userId":"ann"}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Development_SignInAsADemoPerson_GivesACookieThatConnects()
    {
        await using var chat = development.ForOneTest();
        using var people = await chat.SendsAsync(HttpMethod.Get, "/api/development/people");
        (await people.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("""{"userId":"ann","name":"Ann Bauer","role":"agent"}""");

        using var signedIn = await chat.SendsAsync(HttpMethod.Post, "/api/development/session", origin: chat.OwnOrigin, content: Json("""{"userId":"ann"}"""));
        signedIn.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var ann = await chat.ConnectsAsync(new HubClient.HubCredentials { Cookie = cookie, Origin = chat.OwnOrigin });
        (await ann.HearsAsync("welcome")).GetProperty("tenant").GetString().ShouldBe("demo");
        (await ann.ListsAsync()).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Support team");

        using var nobody = await chat.SendsAsync(HttpMethod.Post, "/api/development/session", content: Json("""{"userId":"nobody"}"""));
        nobody.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task Forwarded_ByAProxy_IsBelievedOfAKnownOneOnly(string known, bool believed)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = "Development", Settings = [$"--Proxies:Known:0={known}"] });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/development/session") { Content = Json("""{"userId":"ann"}""") };
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await chat.Http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.Headers.GetValues("Set-Cookie").Single().Contains("secure", StringComparison.Ordinal).ShouldBe(believed);
    }

    [Theory]
    [Rule("S6")]
    [InlineData("{", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("""{"userId":7}""", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("userId=ann", "application/x-www-form-urlencoded", 415)]
    [InlineData("""{"userId":"ann"}""", "text/plain", 415)]
    public async Task Development_BodyThatIsNone_IsRefused(string body, string type, int status)
    {
        await using var chat = development.ForOneTest();
        using var answer = await chat.SendsAsync(HttpMethod.Post, "/api/development/session", content: new StringContent(body, Encoding.UTF8, type));
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
    }

    [Theory]
    [Rule("S6")]
    [InlineData("POST", "/api/session", "Production")]
    [InlineData("DELETE", "/api/session", "Production")]
    [InlineData("POST", "/api/development/session", "Development")]
    public async Task Change_FromAForeignPage_IsForbidden(string method, string path, string environment)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = environment, Settings = [$"--Origins:Allowed:0={Page}"] });
        foreach (var origin in (string[])["https://evil.example", "null", Page + ".evil.example", "http://chat.example.com"])
        {
            using var answer = await chat.SendsAsync(new HttpMethod(method), path, chat.Helpdesk.Token("ann"), origin: origin, content: Json("""{"userId":"ann"}"""));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, origin);
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        using var allowed = await chat.SendsAsync(new HttpMethod(method), path, chat.Helpdesk.Token("ann"), origin: Page, content: Json("""{"userId":"ann"}"""));
        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    [Rule("S14")]
    public async Task Body_LongerThanTheBound_IsRefused()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = "Development" });
        using var answer = await chat.SendsAsync(
            HttpMethod.Post, "/api/development/session", content: Json($$"""{"userId":"{{new string('x', 300 * 1024)}}"}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private sealed class DirectoryThatIsGone : IDirectoryStore
    {
        public Task<ImmutableArray<Person>> ReadPeopleAsync(TenantId tenant, CancellationToken cancellationToken) => throw Gone();

        public Task<int> AddPeopleAsync(TenantId tenant, IReadOnlyCollection<Person> people, CancellationToken cancellationToken) => throw Gone();

        public Task<bool> AnyTenantAsync(CancellationToken cancellationToken) => throw Gone();

        public Task<StoredTenant?> ReadTenantAsync(TenantId tenant, CancellationToken cancellationToken) => throw Gone();

        public Task<ImmutableArray<TenantVersions>> ReadVersionsAsync(ImmutableArray<TenantId> tenants, CancellationToken cancellationToken) => throw Gone();

        public Task<bool> PutPeopleAsync(
            TenantId tenant, IReadOnlyCollection<Person> people, long expected, IReadOnlyCollection<AuditRecord> audit, CancellationToken cancellationToken) =>
            throw Gone();

        public Task<bool> SetPolicyAsync(TenantId tenant, TenantPolicy policy, AuditRecord audit, CancellationToken cancellationToken) => throw Gone();

        private static StoreUnavailableException Gone() => new("The disk is gone.");
    }

    /// <summary>Where the page's first script is.</summary>
    private static async Task<string> ScriptOfAsync(ChatServer chat)
    {
        using var page = await chat.SendsAsync(HttpMethod.Get, "/");
        return Regex.Match(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "/assets/[^\"]+\\.js").Value;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public sealed class DevelopmentServer : SharedServer
    {
        internal override ChatSetup Setup => new() { Environment = "Development", KnowsHelpdesk = false };
    }
}
