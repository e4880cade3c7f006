using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>Who is let in: tokens of the helpdesk, their keys, and what does not count as one.</summary>
public sealed class TokenTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly string Page = "https://chat.example.com";

    [Fact]
    [Rule("S5")]
    public async Task Connect_WithABearerToken_IsWelcomeAsWhomTheTokenNames()
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("ann");
        var welcome = await ann.HearsAsync("welcome");
        welcome.GetProperty("tenant").GetString().ShouldBe(chat.Helpdesk.Own);
        welcome.GetProperty("user").GetProperty("userId").GetString().ShouldBe("ann");
        welcome.GetProperty("user").GetProperty("name").GetString().ShouldBe("Ann");
        welcome.GetProperty("user").GetProperty("role").GetString().ShouldBe("agent");
        welcome.GetProperty("protocol").GetInt32().ShouldBe(1);
    }

    [Fact]
    [Rule("S5")]
    public async Task Connect_WithoutAValidToken_IsRefused()
    {
        using var rsa = RSA.Create(2048);
        var publicPem = rsa.ExportSubjectPublicKeyInfoPem();
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            Settings =
            [
                "--Tokens:Keys:1:Kid=rsa", $"--Tokens:Keys:1:PublicKeyPem={publicPem}", "--Tokens:Audience=chat", "--Tokens:Issuer=helpdesk",
            ],
        });
        var desk = chat.Helpdesk;
        var valid = Claims(_ => { });

        (await StatusAsync(Helpdesk.Write(valid, desk.Signing))).ShouldBe(101);
        (await StatusAsync(Helpdesk.Write(valid, new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = "rsa" }, SecurityAlgorithms.RsaSha256)))).ShouldBe(101);

        var refused = new Dictionary<string, string>
        {
            ["garbage"] = "garbage",
            ["three parts of garbage"] = "a.b.c",
            ["five parts of garbage"] = "a.b.c.d.e",
            ["base64 of no JSON"] = "bm9uc2Vuc2U.bm9uc2Vuc2U.bm9uc2Vuc2U",
            ["too long"] = Helpdesk.Write(valid, desk.Signing) + new string('x', 9_000),
            ["no signature"] = Helpdesk.Write(valid, null),
            ["alg none"] = Unsigned("""{"alg":"none","typ":"JWT","kid":"test"}""", valid),
            ["another key, same kid"] = Helpdesk.Write(valid, new Helpdesk(desk.Kid).Signing),
            ["unknown kid"] = Helpdesk.Write(valid, Key("other", desk.Secret)),
            ["no kid"] = Helpdesk.Write(valid, new SigningCredentials(new SymmetricSecurityKey(desk.Secret), SecurityAlgorithms.HmacSha256)),
            ["HS256 signed with the public key"] = Helpdesk.Write(valid, Key("rsa", Encoding.UTF8.GetBytes(publicPem))),
            ["HS512"] = Helpdesk.Write(valid, new SigningCredentials(new SymmetricSecurityKey([.. desk.Secret, .. desk.Secret]) { KeyId = desk.Kid }, SecurityAlgorithms.HmacSha512)),
            ["expired"] = Signed(claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds()),
            ["without exp"] = Signed(claims => claims.Remove("exp")),
            ["not valid yet"] = Signed(claims => claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds()),
            ["wrong audience"] = Signed(claims => claims["aud"] = "billing"),
            ["without audience"] = Signed(claims => claims.Remove("aud")),
            ["wrong issuer"] = Signed(claims => claims["iss"] = "somebody"),
            ["without sub"] = Signed(claims => claims.Remove("sub")),
            ["empty sub"] = Signed(claims => claims["sub"] = string.Empty),
            ["sub of 129 characters"] = Signed(claims => claims["sub"] = new string('x', 129)),
            ["sub with a control character"] = Signed(claims => claims["sub"] = "a\u0000b"),
            ["without tenant"] = Signed(claims => claims.Remove("tenant")),
            ["tenant of 65 characters"] = Signed(claims => claims["tenant"] = new string('x', 65)),
            ["without name"] = Signed(claims => claims.Remove("name")),
            ["name of 81 scalars"] = Signed(claims => claims["name"] = new string('x', 81)),
            ["unknown role"] = Signed(claims => claims["role"] = "root"),
            ["several roles"] = Signed(claims => claims["role"] = new[] { "agent", "owner" }),
            ["exp beyond all time"] = Signed(claims => claims["exp"] = 1e30),
            ["a changed claim"] = Tampered(Helpdesk.Write(valid, desk.Signing)),
        };
        foreach (var (what, token) in refused)
        {
            (await StatusAsync(token)).ShouldBe(401, what);
            using var exchange = await chat.SendsAsync(HttpMethod.Post, "/api/session", token);
            exchange.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, what);
        }

        Dictionary<string, object> Claims(Action<Dictionary<string, object>> change)
        {
            var claims = Helpdesk.Claims("ann");
            claims["aud"] = "chat";
            claims["iss"] = "helpdesk";
            change(claims);
            return claims;
        }

        string Signed(Action<Dictionary<string, object>> change) => Helpdesk.Write(Claims(change), desk.Signing);

        async Task<int> StatusAsync(string token) => (await chat.TriesToConnectAsync(new HubCredentials { Token = token })).Status;
    }

    [Theory]
    [Rule("S14")]
    [InlineData(1)]
    [InlineData(80)]
    [InlineData(200)]
    public async Task Connect_NameAtItsBound_IsWelcomeAndBeyondItRefused(int nameMax)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Directory:NameScalarsMax={nameMax}"] });
        foreach (var (scalars, expected) in ((int, int)[])[(0, 401), (1, 101), (nameMax, 101), (nameMax + 1, 401)])
        {
            var claims = Helpdesk.Claims($"ann{scalars}");
            claims["name"] = new string('n', scalars);
            var token = Helpdesk.Write(claims, chat.Helpdesk.Signing);

            (await chat.TriesToConnectAsync(new HubCredentials { Token = token })).Status.ShouldBe(expected, $"{scalars} scalars");
        }
    }

    [Fact]
    [Rule("S7")]
    [Rule("G6")]
    public async Task Connect_TokenInTheAddress_IsNotLookedAt()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Origins:Allowed:0={Page}"] });
        var token = chat.Helpdesk.Token("ann");
        (await chat.TriesToConnectAsync(new HubCredentials { Origin = Page }, "?access_token=" + token)).Status.ShouldBe(401);
        (await chat.TriesToConnectAsync(new HubCredentials(), "?access_token=" + token)).Status.ShouldBe(403);
    }

    [Fact]
    [Rule("S6")]
    [Rule("G6")]
    public async Task Connect_WithACookie_OnlyFromAnAllowedOriginExactly()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Origins:Allowed:0={Page}"] });
        var cookie = await CookieAsync(chat);

        (await StatusAsync(Page)).ShouldBe(101);
        foreach (var origin in (string?[])
        [
            null, "null", "https://evil.example", Page + ".evil.example", Page + "/", Page + ":443", "http://chat.example.com",
            "HTTPS://CHAT.EXAMPLE.COM", "https://evil.example#" + Page, "chat.example.com", "https://xchat.example.com", Page + " " + Page,
        ])
        {
            (await StatusAsync(origin)).ShouldBe(403, origin);
        }

        // A foreign page is refused whatever it has; without any credentials an allowed one is nobody.
        (await chat.TriesToConnectAsync(new HubCredentials { Token = chat.Helpdesk.Token("ann"), Origin = "https://evil.example" })).Status.ShouldBe(403);
        (await chat.TriesToConnectAsync(new HubCredentials { Origin = Page })).Status.ShouldBe(401);
        (await chat.TriesToConnectAsync(new HubCredentials { Origin = Page, Cookie = "__Host-chat=garbage" })).Status.ShouldBe(401);
        (await chat.TriesToConnectAsync(new HubCredentials())).Status.ShouldBe(403);

        async Task<int> StatusAsync(string? origin) => (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = origin })).Status;
    }

    [Theory]
    [Rule("S6")]
    [InlineData("Production", "__Host-chat", true)]
    [InlineData("Development", "chat", false)]
    public async Task Exchange_ForACookie_BindsItToThisSite(string environment, string name, bool secure)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Environment = environment });
        using var answer = await chat.SendsAsync(HttpMethod.Post, "/api/session", chat.Helpdesk.Token("ann"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        var attributes = cookie.Split("; ");
        attributes[0].ShouldStartWith(name + "=");
        attributes.ShouldContain("httponly");
        attributes.ShouldContain("samesite=lax");
        attributes.ShouldContain("path=/");
        attributes.ShouldNotContain(attribute => attribute.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        attributes.Contains("secure").ShouldBe(secure);

        // It says nothing about its owner to whoever sees it.
        cookie.ShouldNotContain("ann");
        cookie.ShouldNotContain(chat.Helpdesk.Token("ann"));
    }

    [Fact]
    [Rule("S6")]
    public async Task Session_SignedInByCookie_IsReadAndSignedOut()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Origins:Allowed:0={Page}"] });
        using (var before = await chat.SendsAsync(HttpMethod.Get, "/api/session"))
        {
            before.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await before.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"development":false}""");
        }

        var cookie = await CookieAsync(chat);
        using (var signedIn = await chat.SendsAsync(HttpMethod.Get, "/api/session", cookie: cookie))
        {
            (await signedIn.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .ShouldBe("""{"tenant":"acme","user":{"userId":"ann","name":"Ann","role":"agent"},"permissions":["chat.use","chat.dm.start","chat.dm.reply","chat.group.create","chat.group.members","chat.group.rename"]}""");
        }

        // A cookie does not renew itself.
        using (var renewed = await chat.SendsAsync(HttpMethod.Post, "/api/session", cookie: cookie, origin: Page))
        {
            renewed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var signedOut = await chat.SendsAsync(HttpMethod.Delete, "/api/session", cookie: cookie, origin: Page);
        signedOut.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        signedOut.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldStartWith("__Host-chat=;");
    }

    [Fact]
    [Rule("S5")]
    [Rule("G8")]
    public async Task Session_CookieExpiresWithTheToken_IsClosedWith3500()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Time = time, Settings = [$"--Origins:Allowed:0={Page}"] });
        var cookie = await CookieAsync(chat, time.GetUtcNow().AddMinutes(10));
        var ann = await chat.ConnectsAsync(new HubCredentials { Cookie = cookie, Origin = Page });
        var bob = await chat.SignsInAsync("bob");

        time.Advance(TimeSpan.FromMinutes(9));
        await ann.CallsAsync("ListConversations", new { });
        time.Advance(TimeSpan.FromMinutes(1));

        var closing = await ann.HearsAsync("closing");
        closing.GetProperty("code").GetInt32().ShouldBe(3500);
        closing.GetProperty("reconnect").GetBoolean().ShouldBeFalse();
        await ann.IsClosedAsync();
        (await chat.TriesToConnectAsync(new HubCredentials { Cookie = cookie, Origin = Page })).Status.ShouldBe(401);
        await bob.CallsAsync("ListConversations", new { });
    }

    [Fact]
    [Rule("S5")]
    public async Task Session_OfABearerTokenThatExpires_IsClosedWith3500()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Time = time });
        var ann = await chat.ConnectsAsync(new HubCredentials { Token = chat.Helpdesk.Token("ann", expires: time.GetUtcNow().AddMinutes(1)) });
        time.Advance(TimeSpan.FromMinutes(1));
        (await ann.HearsAsync("closing")).GetProperty("code").GetInt32().ShouldBe(3500);
        await ann.IsClosedAsync();
    }

    [Fact]
    [Rule("S5")]
    public async Task Exchange_TokenThatOutlivesTheCookieLifetime_GivesACookieForThatLong()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Time = time, Settings = ["--Tokens:CookieLifetime=01:00:00"] });
        var cookie = await CookieAsync(chat, time.GetUtcNow().AddDays(300));
        time.Advance(TimeSpan.FromMinutes(59));
        (await chat.SendsAsync(HttpMethod.Get, "/api/session", cookie: cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromMinutes(2));
        (await chat.SendsAsync(HttpMethod.Get, "/api/session", cookie: cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Rule("S5")]
    public async Task Keys_Rotated_TakeEffectWithoutARestart()
    {
        var (old, next) = (new Helpdesk("2026-01"), new Helpdesk("2026-02"));
        using var folder = new TempFolder();
        IConfigurationRoot? configuration = null;
        Write(old);
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            KnowsHelpdesk = false,
            Configure = builder => configuration = builder.Configuration.AddJsonFile(folder.File("keys.json"), optional: false, reloadOnChange: false) as IConfigurationRoot,
        });
        (await StatusAsync(old)).ShouldBe(101);
        (await StatusAsync(next)).ShouldBe(401);

        Write(old, next);
        configuration!.Reload();
        (await StatusAsync(old)).ShouldBe(101);
        (await StatusAsync(next)).ShouldBe(101);

        Write(next);
        configuration.Reload();
        (await StatusAsync(next)).ShouldBe(101);
        (await StatusAsync(old)).ShouldBe(401);

        async Task<int> StatusAsync(Helpdesk desk) => (await chat.TriesToConnectAsync(new HubCredentials { Token = desk.Token("ann") })).Status;

        void Write(params Helpdesk[] desks) => File.WriteAllText(folder.File("keys.json"), JsonSerializer.Serialize(new
        {
            Tokens = new { Keys = desks.Select(desk => new { desk.Kid, Secret = Convert.ToBase64String(desk.Secret) }) },
        }));
    }

    [Fact]
    [Rule("S5")]
    public async Task Keys_PublishedByTheHelpdesk_AreReadAgainForAnUnknownKid()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var first = RSA.Create(2048);
        using var second = RSA.Create(2048);
        await using var publisher = await KeyPublisher.StartAsync();
        publisher.Publishes(("first", first));
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            KnowsHelpdesk = false,
            Time = time,
            Settings = [$"--Tokens:JwksUri={publisher.Address}"],
        });

        (await StatusAsync("first", first)).ShouldBe(101);
        publisher.Publishes(("first", first), ("second", second));
        (await StatusAsync("second", second)).ShouldBe(401, "read a moment ago, and not more often than the pause");
        time.Advance(TimeSpan.FromSeconds(10));
        (await StatusAsync("second", second)).ShouldBe(101);

        // A key that is published no more is not used any more after the interval.
        publisher.Publishes(("second", second));
        time.Advance(TimeSpan.FromMinutes(10));
        (await StatusAsync("first", first)).ShouldBe(401);

        // With the helpdesk away, or publishing nonsense, what was read last stays in force.
        foreach (var nonsense in (string[])["nonsense", """{"keys":7}""", "[]"])
        {
            publisher.PublishesText(nonsense);
            time.Advance(TimeSpan.FromMinutes(10));
            (await StatusAsync("second", second)).ShouldBe(101, nonsense);
        }

        var reads = publisher.Reads;
        for (var i = 0; i < 20; i++)
        {
            (await StatusAsync("unknown", second)).ShouldBe(401);
        }

        publisher.Reads.ShouldBe(reads, "unknown kids do not make us ask again and again");

        // A published symmetric key would let everybody sign.
        var secret = RandomNumberGenerator.GetBytes(32);
        publisher.PublishesText(JsonSerializer.Serialize(new { keys = new[] { new { kty = "oct", kid = "oct", k = Base64UrlEncoder.Encode(secret) } } }));
        time.Advance(TimeSpan.FromMinutes(10));
        (await chat.TriesToConnectAsync(new HubCredentials { Token = Helpdesk.Write(Claims(), Key("oct", secret)) })).Status.ShouldBe(401);

        async Task<int> StatusAsync(string kid, RSA rsa) => (await chat.TriesToConnectAsync(new HubCredentials
        {
            Token = Helpdesk.Write(Claims(), new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = kid }, SecurityAlgorithms.RsaSha256)),
        })).Status;

        Dictionary<string, object> Claims() => Helpdesk.Claims("ann", expires: time.GetUtcNow().AddHours(1));
    }

    [Fact]
    [Rule("R1")]
    public async Task Connect_UnknownPerson_IsProvisionedAndAfterwardsTheDirectoryDecides()
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("ann");
        var claims = Helpdesk.Claims("ann", chat.Helpdesk.Own);
        claims["name"] = "The Boss";
        claims["role"] = "owner";

        var again = await chat.ConnectsAsync(new HubCredentials { Token = Helpdesk.Write(claims, chat.Helpdesk.Signing) });

        var user = (await again.HearsAsync("welcome")).GetProperty("user");
        user.GetProperty("name").GetString().ShouldBe("Ann");
        user.GetProperty("role").GetString().ShouldBe("agent");
        (await ann.CallsAsync("FindPeople", new { text = "boss" })).GetProperty("people").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [Rule("R3")]
    [InlineData("ann/admin", "acme")]
    [InlineData("ann~bob", "acme")]
    [InlineData("100%", "acme")]
    [InlineData("Ann Müller <ann@example.com>", "acme")]
    [InlineData("漢字😀", "a/b~c%")]
    public async Task Connect_IdsWithSeparatorsAndUnicode_ArePeopleLikeOthers(string user, string tenant)
    {
        await using var chat = server.ForOneTest();
        var odd = await chat.SignsInAsync(user, tenant);
        var bob = await chat.SignsInAsync("bob", tenant);
        var conversation = await bob.FindsAsync(user);
        await odd.SendsAsync(conversation, "hi");
        await bob.SeesAsync(conversation, "hi");
        (await odd.FindsAsync("bob")).ShouldBe(conversation);
    }

    private static async Task<string> CookieAsync(ChatServer chat, DateTimeOffset? expires = null)
    {
        using var answer = await chat.SendsAsync(HttpMethod.Post, "/api/session", chat.Helpdesk.Token("ann", expires: expires));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static SigningCredentials Key(string kid, byte[] secret) =>
        new(new SymmetricSecurityKey(secret) { KeyId = kid }, SecurityAlgorithms.HmacSha256);

    private static string Unsigned(string header, Dictionary<string, object> claims) =>
        $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(JsonSerializer.Serialize(claims))}.";

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        parts[1] = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("agent", "owner", StringComparison.Ordinal));
        return string.Join('.', parts);
    }
}
