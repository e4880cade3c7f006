using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansChat.Gateway.Http;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Http;

/// <summary>How the helpdesk's back end makes tenant and people known.</summary>
public sealed class ProvisioningTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Tenant = "/api/provisioning/tenant";
    private const string People = "/api/provisioning/people";

    private const int BodyBytesMax = 256 * 1024;

    /// <summary>With names as long as they are by default.</summary>
    private const int PeopleBodyBytesMax = 2 * 1024 * 1024;

    private static readonly (HttpMethod Method, string Path, string? Body)[] Routes =
    [
        (HttpMethod.Get, Tenant, null), (HttpMethod.Put, Tenant, "{}"), (HttpMethod.Get, People, null), (HttpMethod.Put, People, """{"people":[]}"""),
    ];

    [Fact]
    [Rule("R3")]
    public async Task EveryRoute_WhoeverIsNoService_IsRefusedBeforeTheBodyIsRead()
    {
        await using var chat = server.ForOneTest();
        foreach (var (method, path, body) in Routes.SelectMany(route => (IEnumerable<(HttpMethod, string, string?)>)[route, route with { Body = "no json" }]))
        {
            (await StatusAsync(chat, method, path, body)).ShouldBe(401, $"{method} {path} of nobody");
            (await StatusAsync(chat, method, path, body, chat.Helpdesk.TokenAs("olga", "owner"))).ShouldBe(403, $"{method} {path} of an owner");
            (await StatusAsync(chat, method, path, body, chat.Helpdesk.ServiceToken(scope: "chat.other chat.provisioning"))).ShouldBe(401, $"{method} {path} of a service for something else");
            (await StatusAsync(chat, method, path, body, chat.Helpdesk.ServiceToken(), "https://evil.example")).ShouldBeOneOf(403, 400);
        }

        (await StatusAsync(chat, HttpMethod.Put, People, """{"people":[]}""", chat.Helpdesk.ServiceToken(), "https://evil.example")).ShouldBe(403);
        (await StatusAsync(chat, HttpMethod.Get, Tenant, token: chat.Helpdesk.ServiceToken())).ShouldBe(404, "nothing of it was done");
    }

    [Fact]
    [Rule("R3")]
    public async Task ServiceToken_AnywhereElse_IsNobodyOfThePeople()
    {
        await using var chat = server.ForOneTest();
        var token = chat.Helpdesk.ServiceToken(scope: "openid chat.provision");

        (await chat.TriesToConnectAsync(new HubCredentials { Token = token })).Status.ShouldBe(403);
        (await StatusAsync(chat, HttpMethod.Get, "/api/session", token: token)).ShouldBe(401);
        (await StatusAsync(chat, HttpMethod.Post, "/api/session", token: token)).ShouldBe(403);
        (await StatusAsync(chat, HttpMethod.Get, Tenant, token: token)).ShouldBe(404, "a scope among others counts");
    }

    [Fact]
    public async Task PutTenant_NewThenAgain_MakesItKnownWithTheDefaultsOnce()
    {
        await using var chat = server.ForOneTest();
        var token = chat.Helpdesk.ServiceToken();
        (await StatusAsync(chat, HttpMethod.Get, People, token: token)).ShouldBe(404);

        var made = await JsonAsync(chat, HttpMethod.Put, Tenant, "{}", token);
        var again = await JsonAsync(chat, HttpMethod.Put, Tenant, """{"provisionUnknown":true,"unknownField":1}""", token);

        made.ToString().ShouldBe(again.ToString());
        made.GetProperty("tenant").GetString().ShouldBe(chat.Helpdesk.Own);
        (made.GetProperty("version").GetInt64(), made.GetProperty("provisionUnknown").GetBoolean(), made.GetProperty("showVersions").GetBoolean()).ShouldBe((1, true, true));
        made.GetProperty("permissions").GetProperty("agent").GetArrayLength().ShouldBe(6);
        made.GetProperty("permissions").GetProperty("owner").GetArrayLength().ShouldBe(11);
        made.TryGetProperty("retentionDays", out _).ShouldBeFalse();
        (await JsonAsync(chat, HttpMethod.Get, Tenant, null, token)).ToString().ShouldBe(made.ToString());
        (await JsonAsync(chat, HttpMethod.Get, People, null, token)).GetProperty("people").GetArrayLength().ShouldBe(0);
        (await StatusAsync(chat, HttpMethod.Get, Tenant, token: chat.Helpdesk.ServiceToken("globex"))).ShouldBe(404, "another tenant");
    }

    [Fact]
    [Rule("R1")]
    public async Task PutTenant_WholePolicy_IsInForceAndMovedOnlyFromItsVersion()
    {
        await using var chat = server.ForOneTest();
        var token = chat.Helpdesk.ServiceToken();
        const string policy =
            """
            {"permissions":{"agent":["chat.use","chat.dm.reply"],"owner":[]},"provisionUnknown":false,"editWindowSeconds":60,"showVersions":false,"retentionDays":1,
             "frameOrigins":["https://desk.example.com","http://localhost:8080"]}
            """;

        var set = await JsonAsync(chat, HttpMethod.Put, Tenant, policy, token);

        set.GetProperty("permissions").GetProperty("agent").ToString().ShouldBe("""["chat.use","chat.dm.reply"]""");
        set.GetProperty("permissions").GetProperty("owner").ToString().ShouldBe("[]");
        set.GetProperty("frameOrigins").ToString().ShouldBe("""["https://desk.example.com","http://localhost:8080"]""");
        (await JsonAsync(chat, HttpMethod.Put, Tenant, policy, token)).GetProperty("version").GetInt64().ShouldBe(1, "it is the same");
        (set.GetProperty("editWindowSeconds").GetInt64(), set.GetProperty("retentionDays").GetInt32()).ShouldBe((60, 1));
        (await chat.TriesToConnectAsync(new HubCredentials { Token = chat.Helpdesk.Token("ann") })).Status.ShouldBe(403, "unknown people stay unknown");
        var conflict = await AnswerAsync(chat, HttpMethod.Put, Tenant, """{"version":0}""", token);
        conflict.Status.ShouldBe(409);
        conflict.Body.ShouldBe("""{"error":{"code":"versionMoved","message":"Version 1 is in force.","field":"version"}}""");
        (await JsonAsync(chat, HttpMethod.Put, Tenant, """{"version":1}""", token)).GetProperty("version").GetInt64().ShouldBe(2);
    }

    [Theory]
    [Rule("R5")]
    [InlineData("""{"retentionDays":0}""", "retentionDays")]
    [InlineData("""{"retentionDays":1}""", null)]
    [InlineData("""{"retentionDays":36500}""", null)]
    [InlineData("""{"retentionDays":36501}""", "retentionDays")]
    [InlineData("""{"editWindowSeconds":-1}""", "editWindowSeconds")]
    [InlineData("""{"editWindowSeconds":0}""", null)]
    [InlineData("""{"editWindowSeconds":315360000}""", null)]
    [InlineData("""{"editWindowSeconds":315360001}""", "editWindowSeconds")]
    [InlineData("""{"permissions":{"admin":["chat.use","chat.fly"]}}""", "permissions.admin")]
    [InlineData("""{"permissions":{"owner":[null]}}""", "permissions.owner")]
    public async Task PutTenant_AtTheEdge_IsTakenOrNamesTheField(string policy, string? field)
    {
        await using var chat = server.ForOneTest();

        var (status, body) = await AnswerAsync(chat, HttpMethod.Put, Tenant, policy, chat.Helpdesk.ServiceToken());

        status.ShouldBe(field is null ? 200 : 400, body);
        if (field is not null)
        {
            var error = JsonElement.Parse(body).GetProperty("error");
            (error.GetProperty("code").GetString(), error.GetProperty("field").GetString()).ShouldBe(("invalidRequest", field));
        }
    }

    [Fact]
    [Rule("S9")]
    public async Task PutTenant_FrameOrigins_AreTakenAsBrowsersWriteThemAndNotOtherwise()
    {
        await using var chat = server.ForOneTest();
        string[] longest = [.. Enumerable.Range(0, FrameOriginRules.CountMax).Select(number => $"https://{number:00}{new string('a', 61)}.{new string('b', 56)}")];
        longest[0].Length.ShouldBe(FrameOriginRules.CharsMax);
        foreach (var origins in (string[][])
        [
            [], longest, ["https://desk.example.com"], ["https://desk.example.com:8443"], ["https://xn--bcher-kva.example"], ["https://10.1.2.3"], ["https://intranet"],
            ["http://localhost"], ["http://localhost:8080"], ["http://127.0.0.1:5317"],
        ])
        {
            var (status, body) = await PutsAsync(origins);
            status.ShouldBe(200, body);
            JsonElement.Parse(body).GetProperty("frameOrigins").EnumerateArray().Select(origin => origin.GetString()).ShouldBe(origins);
        }

        foreach (var origin in (string?[])
        [
            null, "", "null", "*", "https://*", "https://*.example.com", "https:", "https://", "desk.example.com", "//desk.example.com", "'self'", "'none'", "data:",
            "http://desk.example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "http://127.0.0.2", "http://[::1]", "https://[::1]", "ftp://desk.example.com",
            "wss://desk.example.com", "javascript:alert(1)", "https://desk.example.com/", "https://desk.example.com/page", "https://desk.example.com?", "https://desk.example.com#",
            "https://desk.example.com:443", "http://localhost:80", "https://desk.example.com:0", "https://desk.example.com:65536", "https://desk.example.com:", "https://desk.example.com:08443",
            "HTTPS://desk.example.com", "https://Desk.example.com", "https://bücher.example", "https://user@desk.example.com", "https://user:word@desk.example.com",
            "https://desk.example.com https://evil.example", "https://desk.example.com; script-src *", "https://desk.example.com,https://evil.example", "https://desk.example.com\r\nX: y",
            " https://desk.example.com", "https://desk.example.com ", "https://desk..example.com", "https://desk.example.com.", "https://.example.com", "https://desk_1.example.com", "https://1", "https://0x7f.0.0.1",
            $"https://{new string('a', 64)}.example", longest[0] + "b",
        ])
        {
            var (status, body) = await PutsAsync(["https://good.example", origin]);
            status.ShouldBe(400, origin);
            var error = JsonElement.Parse(body).GetProperty("error");
            (error.GetProperty("field").GetString(), error.GetProperty("index").GetInt32()).ShouldBe(("frameOrigins", 1), origin);
            error.GetProperty("message").GetString().ShouldStartWith("frameOrigins[1] must be an origin as browsers write it");
        }

        (await PutsAsync(["https://a.example", "https://b.example", "https://a.example"])).Body.ShouldContain("frameOrigins[2] is there twice.");
        (await PutsAsync([.. longest, "https://a.example"])).Body.ShouldContain("frameOrigins must have 0 to 20 entries.");
        (await JsonAsync(chat, HttpMethod.Get, Tenant, null, chat.Helpdesk.ServiceToken())).GetProperty("frameOrigins").ToString()
            .ShouldBe("""["http://127.0.0.1:5317"]""", "what was refused changed nothing");

        Task<(int Status, string Body)> PutsAsync(string?[] origins) => AnswerAsync(
            chat, HttpMethod.Put, Tenant, JsonSerializer.Serialize(new { frameOrigins = origins }), chat.Helpdesk.ServiceToken());
    }

    [Fact]
    [Rule("R1")]
    public async Task PutPeople_NewChangedDeactivated_AreSoAtOnceAndPageByPage()
    {
        await using var chat = server.ForOneTest();
        var token = chat.Helpdesk.ServiceToken();
        const string body =
            """{"people":[{"userId":"ann","name":" Ann ","role":"admin"},{"userId":"bob","name":"Bob","role":"agent","active":false},{"userId":"cleo","name":"Cleo","role":"agent","active":true}]}""";

        (await JsonAsync(chat, HttpMethod.Put, People, body, token)).ToString().ShouldBe("""{"added":3,"changed":0}""");
        (await JsonAsync(chat, HttpMethod.Put, People, body, token)).ToString().ShouldBe("""{"added":0,"changed":0}""");
        var ann = await chat.SignsInAsync("ann");
        (await ann.HearsAsync("welcome")).GetProperty("user").GetProperty("role").GetString().ShouldBe("admin", "the directory decides, not the token");
        (await chat.TriesToConnectAsync(new HubCredentials { Token = chat.Helpdesk.Token("bob") })).Status.ShouldBe(403);
        (await JsonAsync(chat, HttpMethod.Put, People, """{"people":[{"userId":"ann","name":"Ann","role":"admin","active":false}]}""", token))
            .ToString().ShouldBe("""{"added":0,"changed":1}""");
        (await ann.HearsAsync("closing")).GetProperty("code").GetInt32().ShouldBe(3501);

        var first = await JsonAsync(chat, HttpMethod.Get, People + "?limit=2", null, token);
        var second = await JsonAsync(chat, HttpMethod.Get, People + "?limit=2&after=" + first.GetProperty("next").GetString(), null, token);
        first.GetProperty("people")[0].ToString().ShouldBe("""{"userId":"ann","name":"Ann","role":"admin","active":false}""");
        second.ToString().ShouldBe("""{"people":[{"userId":"cleo","name":"Cleo","role":"agent","active":true}]}""");
    }

    [Theory]
    [InlineData("userId", """{"name":"Dora","role":"agent"}""")]
    [InlineData("userId", """{"userId":"","name":"Dora","role":"agent"}""")]
    [InlineData("userId", """{"userId":"ann","name":"Another Ann","role":"agent"}""")]
    [InlineData("name", """{"userId":"dora","name":" ","role":"agent"}""")]
    [InlineData("name", """{"userId":"dora","name":"\ud83d","role":"agent"}""")]
    [InlineData("name", """{"userId":"dora","role":"agent"}""")]
    [InlineData("role", """{"userId":"dora","name":"Dora","role":"Agent"}""")]
    [InlineData("userId", "null")]
    public async Task PutPeople_OneIsInvalid_NamesItAndChangesNobody(string field, string second)
    {
        await using var chat = server.ForOneTest();
        var token = chat.Helpdesk.ServiceToken();
        await JsonAsync(chat, HttpMethod.Put, Tenant, "{}", token);

        var (status, body) = await AnswerAsync(chat, HttpMethod.Put, People, $$"""{"people":[{"userId":"ann","name":"Ann","role":"agent"},{{second}}]}""", token);

        status.ShouldBe(400, body);
        var error = JsonElement.Parse(body).GetProperty("error");
        (error.GetProperty("index").GetInt32(), error.GetProperty("field").GetString()).ShouldBe((1, field));
        error.GetProperty("message").GetString().ShouldStartWith($"people[1].{field} ");
        (await JsonAsync(chat, HttpMethod.Get, People, null, token)).GetProperty("people").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [Rule("S14")]
    [InlineData(1)]
    [InlineData(80)]
    [InlineData(200)]
    public async Task PutPeople_NameAtItsBound_IsTakenAndBeyondItRefused(int nameMax)
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Directory:NameScalarsMax={nameMax}"] });
        foreach (var (scalars, expected) in ((int, int)[])[(0, 400), (1, 200), (nameMax, 200), (nameMax + 1, 400)])
        {
            var person = new JsonObject { ["userId"] = "ann", ["name"] = new string('n', scalars), ["role"] = "agent" };

            var (status, body) = await AnswerAsync(
                chat, HttpMethod.Put, People, new JsonObject { ["people"] = new JsonArray(person) }.ToJsonString(), chat.Helpdesk.ServiceToken());

            status.ShouldBe(expected, $"{scalars} scalars: {body}");
            if (expected == 400)
            {
                body.ShouldContain($"people[0].name must have 1 to {nameMax} scalars");
            }
        }
    }

    [Fact]
    [Rule("S14")]
    public async Task PutPeople_ManyWithTheLongestNamesThereAre_FitIntoTheBody()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = [$"--Directory:NameScalarsMax={DirectoryOptions.NameScalarsCeiling}"] });
        var body = ManyWithNamesOf(DirectoryOptions.NameScalarsCeiling, PutPeople.PeopleMax);
        body.Length.ShouldBeInRange(3_000_000, ProvisioningEndpoints.PeopleBodyBytesMax(DirectoryOptions.NameScalarsCeiling));

        var (status, answer) = await AnswerAsync(chat, HttpMethod.Put, People, body, chat.Helpdesk.ServiceToken());

        status.ShouldBe(200, answer);
    }

    [Theory]
    [InlineData(PutPeople.PeopleMax, 200)]
    [InlineData(PutPeople.PeopleMax + 1, 400)]
    public async Task PutPeople_ManyWithTheLongestNames_AreTakenUpToTheBound(int count, int expected)
    {
        await using var chat = server.ForOneTest();
        var body = ManyWithNamesOf(new DirectoryOptions().NameScalarsMax, count);
        body.Length.ShouldBeInRange(1_500_000, PeopleBodyBytesMax);

        var (status, answer) = await AnswerAsync(chat, HttpMethod.Put, People, body, chat.Helpdesk.ServiceToken());

        status.ShouldBe(expected, answer);
        answer.ShouldContain(expected == 200 ? "\"added\":1000" : "people must have 0 to 1000 entries.");
    }

    [Theory]
    [InlineData("/people", PeopleBodyBytesMax, 200)]
    [InlineData("/people", PeopleBodyBytesMax + 1, 413)]
    [InlineData("/people", PeopleBodyBytesMax + BodyBound.HeardBytesMax, 413)]
    [InlineData("/tenant", BodyBytesMax, 200)]
    [InlineData("/tenant", BodyBytesMax + 1, 413)]
    public async Task Put_BodyAtTheBound_IsTakenOrToldThatItIsTooLarge(string route, int bytes, int expected)
    {
        await using var chat = server.ForOneTest();
        var body = (route == "/people" ? """{"people":[]}""" : "{}").PadRight(bytes);

        var (status, answer) = await AnswerAsync(chat, HttpMethod.Put, ProvisioningEndpoints.Prefix + route, body, chat.Helpdesk.ServiceToken());

        status.ShouldBe(expected, answer);
        if (expected == 413)
        {
            answer.ShouldContain($"The body must have at most {(route == "/people" ? PeopleBodyBytesMax : BodyBytesMax)} bytes.");
        }
    }

    /// <summary>Who does not say how much will come may find the connection ended, and has changed nothing.</summary>
    [Fact]
    public async Task Put_BodyOfUnknownLengthBeyondTheBound_IsNotTaken()
    {
        await using var chat = server.ForOneTest();
        await JsonAsync(chat, HttpMethod.Put, Tenant, """{"retentionDays":8}""", chat.Helpdesk.ServiceToken());
        using var body = new StringContent("""{"retentionDays":7}""".PadRight(BodyBytesMax + 1), Encoding.UTF8, "application/json");

        try
        {
            using var answer = await chat.SendsAsync(HttpMethod.Put, Tenant, chat.Helpdesk.ServiceToken(), content: body, headers: ("Transfer-Encoding", "chunked"));
            ((int)answer.StatusCode).ShouldBe(413);
        }
        catch (HttpRequestException)
        {
        }

        (await JsonAsync(chat, HttpMethod.Get, Tenant, null, chat.Helpdesk.ServiceToken())).GetProperty("retentionDays").GetInt32().ShouldBe(8);
    }

    [Theory]
    [InlineData("limit=0", 400)]
    [InlineData("limit=1", 200)]
    [InlineData("limit=1000", 200)]
    [InlineData("limit=1001", 400)]
    [InlineData("limit=many", 400)]
    [InlineData("after=", 400)]
    public async Task GetPeople_PageAtTheEdge_IsTakenOrRefused(string query, int expected)
    {
        await using var chat = server.ForOneTest();
        await JsonAsync(chat, HttpMethod.Put, Tenant, "{}", chat.Helpdesk.ServiceToken());

        (await StatusAsync(chat, HttpMethod.Get, $"{People}?{query}", token: chat.Helpdesk.ServiceToken())).ShouldBe(expected);
    }

    /// <summary>So many people, everything of theirs as long as it can be and escaped.</summary>
    private static string ManyWithNamesOf(int scalars, int count)
    {
        var name = string.Concat(Enumerable.Repeat("\ud83d\ude00", scalars));
        var people = new JsonArray([
            .. Enumerable.Range(1, count).Select(number => new JsonObject { ["userId"] = $"{number}".PadLeft(128, 'ü'), ["name"] = name, ["role"] = "supervisor" })]);
        return new JsonObject { ["people"] = people }.ToJsonString();
    }

    private static async Task<int> StatusAsync(
        ChatServer chat, HttpMethod method, string path, string? body = null, string? token = null, string? origin = null)
    {
        using var answer = await chat.SendsAsync(method, path, token, origin: origin, content: Content(body));
        return (int)answer.StatusCode;
    }

    private static async Task<(int Status, string Body)> AnswerAsync(ChatServer chat, HttpMethod method, string path, string? body, string token)
    {
        using var answer = await chat.SendsAsync(method, path, token, content: Content(body));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<JsonElement> JsonAsync(ChatServer chat, HttpMethod method, string path, string? body, string token)
    {
        var (status, answer) = await AnswerAsync(chat, method, path, body, token);
        status.ShouldBe(200, answer);
        return JsonElement.Parse(answer);
    }

    private static StringContent? Content(string? body) => body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
}
