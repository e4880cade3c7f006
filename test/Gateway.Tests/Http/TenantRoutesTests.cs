using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Http;

/// <summary>Audit, export and retention over HTTP: who may, what they get, and what everybody else is told.</summary>
public sealed class TenantRoutesTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Readings = "/api/audit/readings";

    /// <summary>Each route, the role that has its permission by default, and a role that has not.</summary>
    private static readonly (HttpMethod Method, string Path, string? Body, string Role, string Other)[] Routes =
    [
        (HttpMethod.Get, "/api/audit", null, "owner", "admin"),
        (HttpMethod.Post, Readings, """{"conversationId":"dm/ann~bob","reason":"why","minutes":1}""", "owner", "admin"),
        (HttpMethod.Get, Readings + "/00000000-0000-0000-0000-000000000001/messages", null, "owner", "admin"),
        (HttpMethod.Get, "/api/export", null, "admin", "supervisor"),
        (HttpMethod.Put, "/api/retention/conversations/dm%2Fann~bob", """{"days":1}""", "admin", "supervisor"),
        (HttpMethod.Get, "/api/retention/preview", null, "admin", "supervisor"),
    ];

    [Fact]
    [Rule("R1")]
    [Rule("R4")]
    public async Task EveryRoute_OfPeopleWithAPermission_IsOpenToThemAlone()
    {
        await using var chat = server.ForOneTest();
        await DeactivatesAsync(chat, "zoe", Role.Owner);
        foreach (var (method, path, body, role, other) in Routes)
        {
            var what = $"{method} {path}";
            (await AnswerAsync(chat, method, path, null, body)).Status.ShouldBe(401, what);
            (await AnswerAsync(chat, method, path, chat.Helpdesk.TokenAs($"{other}-1", other), body)).Status.ShouldBe(403, what);
            (await AnswerAsync(chat, method, path, chat.Helpdesk.TokenAs("zoe", "owner"), body)).Status.ShouldBe(403, what);
            (await AnswerAsync(chat, method, path, chat.Helpdesk.ServiceToken(), body)).Status.ShouldBe(403, what);
            (await AnswerAsync(chat, method, path, chat.Helpdesk.TokenAs($"{role}-1", role), body)).Status.ShouldBeOneOf(200, 404);
            if (method != HttpMethod.Get)
            {
                using var foreign = await chat.SendsAsync(method, path, chat.Helpdesk.TokenAs($"{role}-1", role), origin: "https://evil.example", content: Content(body));
                foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden, what);
            }
        }
    }

    [Fact]
    [Rule("R3")]
    public async Task EveryRoute_IdsOfAnotherTenant_AreAnsweredByteForByteLikeUnknownOnes()
    {
        await using var chat = server.ForOneTest();
        var (olga, foreign) = (chat.Helpdesk.TokenAs("olga", "owner"), chat.Helpdesk.TokenAs("olga", "owner", "globex"));
        var theirs = (await chat.SignsInAsync("ann", "globex")).With("bob");
        await chat.SignsInAsync("bob", "globex");
        await (await chat.SignsInAsync("ann", "globex")).SendsAsync(theirs, "theirs");
        var reading = (await ReadingAsync(chat, foreign, theirs)).Id;

        string[] conversations = [theirs, "dm/nobody~noone", "c/018f0e6c3b7a7c3e9d2f5a6b7c8d9e0f", "nonsense", "", "dm/%~x"];
        var opened = new HashSet<string>();
        var retained = new HashSet<string>();
        foreach (var id in conversations)
        {
            opened.Add($"{await AnswerAsync(chat, HttpMethod.Post, Readings, olga, Reading(id))}");
            if (id.Length > 0)
            {
                retained.Add($"{await AnswerAsync(chat, HttpMethod.Put, $"/api/retention/conversations/{Uri.EscapeDataString(id)}", olga, """{"days":1}""")}");
            }
        }

        var read = new HashSet<string>();
        foreach (var id in (string[])[reading, $"{Guid.NewGuid()}", "nonsense"])
        {
            read.Add($"{await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages", olga)}");
        }

        const string notFound = """(404, {"error":{"code":"notFound","message":"There is no such thing in this tenant."}})""";
        (opened.ShouldHaveSingleItem(), retained.ShouldHaveSingleItem(), read.ShouldHaveSingleItem()).ShouldBe((notFound, notFound, notFound));
        (await AnswerAsync(chat, HttpMethod.Get, "/api/export", olga)).Body.ShouldBe("", "nothing of theirs is in our export");
        (await AnswerAsync(chat, HttpMethod.Get, "/api/audit", olga)).Body.ShouldNotContain("reading.opened");
        (await AnswerAsync(chat, HttpMethod.Get, $"/api/audit?before={reading}", olga)).Body.ShouldBe(
            (await AnswerAsync(chat, HttpMethod.Get, $"/api/audit?before={Guid.NewGuid()}", olga)).Body);
    }

    [Fact]
    [Rule("R4")]
    public async Task Reading_OfOthersConversation_IsStatedAndLastsAsLongAsItSays()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Time = time });
        var ann = await chat.SignsInAsync("ann");
        await chat.SignsInAsync("bob");
        await ann.SendsAsync(ann.With("bob"), "between us");
        var (olga, otto) = (chat.Helpdesk.TokenAs("olga", "owner"), chat.Helpdesk.TokenAs("otto", "owner"));

        var (id, _) = await ReadingAsync(chat, olga, ann.With("bob"), minutes: 2);

        var page = JsonElement.Parse((await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages", olga)).Body);
        page.GetProperty("entries")[0].GetProperty("text").GetString().ShouldBe("between us");
        var rest = await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages?after={page.GetProperty("next").GetString()}", olga);
        rest.ShouldBe((200, """{"entries":[]}"""));
        (await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages", otto)).Status.ShouldBe(404, "whose it is not");

        var entry = JsonElement.Parse((await AnswerAsync(chat, HttpMethod.Get, "/api/audit?limit=200", otto)).Body).GetProperty("entries").EnumerateArray()
            .Single(entry => entry.GetProperty("action").GetString() == "reading.opened");
        (entry.GetProperty("id").GetString(), entry.GetProperty("actorId").GetString(), entry.GetProperty("conversationId").GetString())
            .ShouldBe((id, "olga", ann.With("bob")));
        entry.GetProperty("details").GetProperty("reason").GetString().ShouldBe("a complaint");

        time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        (await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages", olga)).Status.ShouldBe(200);
        time.Advance(TimeSpan.FromSeconds(1));
        (await AnswerAsync(chat, HttpMethod.Get, $"{Readings}/{id}/messages", olga)).Status.ShouldBe(404);
    }

    [Theory]
    [Rule("R4")]
    [InlineData(0, 1, "reason")]
    [InlineData(1, 1, null)]
    [InlineData(500, 60, null)]
    [InlineData(501, 60, "reason")]
    [InlineData(1, 0, "minutes")]
    [InlineData(1, 61, "minutes")]
    public async Task PostReading_AtTheEdge_IsTakenOrNamesTheField(int reason, int minutes, string? field)
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("ann"), "note");

        var (status, body) = await AnswerAsync(
            chat, HttpMethod.Post, Readings, chat.Helpdesk.TokenAs("olga", "owner"), Reading(ann.With("ann"), new string('r', reason), minutes));

        status.ShouldBe(field is null ? 201 : 400, body);
        if (field is not null)
        {
            JsonElement.Parse(body).GetProperty("error").GetProperty("field").GetString().ShouldBe(field);
        }
    }

    [Theory]
    [InlineData("/api/audit?limit=0", 400)]
    [InlineData("/api/audit?limit=1", 200)]
    [InlineData("/api/audit?limit=200", 200)]
    [InlineData("/api/audit?limit=201", 400)]
    [InlineData("/api/audit?before=nonsense", 400)]
    [InlineData("/api/export?after=nonsense", 400)]
    [InlineData("/api/export?after=", 400)]
    [InlineData("/api/retention/preview?limit=0", 400)]
    [InlineData("/api/retention/preview?limit=200", 200)]
    [InlineData("/api/retention/preview?limit=201", 400)]
    [InlineData("/api/retention/preview?after=nonsense", 400)]
    public async Task Get_QueryAtTheEdge_IsTakenOrRefused(string path, int expected)
    {
        await using var chat = server.ForOneTest();

        (await AnswerAsync(chat, HttpMethod.Get, path, chat.Helpdesk.TokenAs("olga", "owner"))).Status.ShouldBe(expected);
    }

    [Fact]
    [Rule("R4")]
    public async Task Audit_PageByPage_HasEveryEntryOnceNewestFirst()
    {
        await using var chat = server.ForOneTest();
        var olga = chat.Helpdesk.TokenAs("olga", "owner");
        for (var number = 1; number <= 5; number++)
        {
            await AnswerAsync(chat, HttpMethod.Get, "/api/export", olga);
        }

        List<string> ids = [];
        string? next = null;
        do
        {
            var page = JsonElement.Parse((await AnswerAsync(chat, HttpMethod.Get, $"/api/audit?limit=2{(next is null ? "" : $"&before={next}")}", olga)).Body);
            ids.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("id")}"));
            next = page.TryGetProperty("next", out var id) ? id.GetString() : null;
        }
        while (next is not null);

        ids.ShouldBeUnique();
        ids.Select(id => id.Split(' ')[0]).ShouldBe([.. Enumerable.Repeat("export.started", 5), "person.provisioned"]);
    }

    [Fact]
    [Rule("R6")]
    public async Task Export_OfATenant_IsLinesOfJsonThatGoOnBehindACursor()
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("ann"), "one\ntwo");
        await ann.SendsAsync(ann.With("ann"), "three");
        var token = chat.Helpdesk.TokenAs("adam", "admin");

        using var answer = await chat.SendsAsync(HttpMethod.Get, "/api/export", token);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonElement.Parse(line).GetProperty("type").GetString()).ShouldBe(["conversation", "membership", "message", "message"]);
        var cursor = JsonElement.Parse(lines[2]).GetProperty("cursor").GetString();
        (await AnswerAsync(chat, HttpMethod.Get, $"/api/export?after={cursor}", token)).Body.ShouldBe(lines[3] + "\n");
    }

    [Theory]
    [Rule("R1")]
    [Rule("R6")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Export_WhoeverReadsItMayNoMore_BreaksOff(bool mayNoMore)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var archive = new SlowArchive();
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Time = time, ConfigureGrains = archive.Replace });
        var ann = await chat.SignsInAsync("ann");
        await chat.SignsInAsync("bob");
        await ann.SendsAsync(ann.With("ann"), "the first");
        await ann.SendsAsync(ann.With("bob"), "the second");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/export");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", chat.Helpdesk.TokenAs("adam", "admin"));
        using var answer = await chat.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await archive.AskedAsync();

        if (mayNoMore)
        {
            await DeactivatesAsync(chat, "adam", Role.Admin);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        archive.GoesOn();

        var reading = answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (mayNoMore)
        {
            await Should.ThrowAsync<HttpRequestException>(() => reading); // Broken off, not ended.
        }
        else
        {
            (await reading).ShouldContain("the second");
        }
    }

    [Theory]
    [Rule("R5")]
    [InlineData("""{"days":0}""", 400)]
    [InlineData("""{"days":1}""", 200)]
    [InlineData("""{"days":36500,"legalHold":true}""", 200)]
    [InlineData("""{"days":36501}""", 400)]
    [InlineData("{}", 200)]
    public async Task PutRetention_AtTheEdge_IsTakenOrRefusedAndStated(string body, int expected)
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("a%/~n");
        await ann.SendsAsync(ann.With("a%/~n"), "note");

        var (status, answer) = await AnswerAsync(
            chat, HttpMethod.Put, $"/api/retention/conversations/{Uri.EscapeDataString(ann.With("a%/~n"))}", chat.Helpdesk.TokenAs("adam", "admin"), body);

        status.ShouldBe(expected, answer);
        if (status == 200 && body != "{}")
        {
            var stated = await ann.Session.HearsAsync("messagePosted", posted => posted.GetProperty("message").GetProperty("kind").GetString() == "system");
            stated.GetProperty("message").GetProperty("fact").GetProperty("kind").GetString().ShouldBe("retention-changed");
            stated.GetProperty("message").GetProperty("fact").GetProperty("after").GetString().ShouldBe($"{JsonElement.Parse(body).GetProperty("days")}");
        }
    }

    private static async Task<(string Id, string Until)> ReadingAsync(ChatServer chat, string token, string conversation, int minutes = 5)
    {
        var (status, body) = await AnswerAsync(chat, HttpMethod.Post, Readings, token, Reading(conversation, minutes: minutes));
        status.ShouldBe(201, body);
        return (JsonElement.Parse(body).GetProperty("id").GetString()!, JsonElement.Parse(body).GetProperty("until").GetString()!);
    }

    private static string Reading(string conversation, string reason = "a complaint", int minutes = 5) =>
        JsonSerializer.Serialize(new { conversationId = conversation, reason, minutes });

    private static async Task DeactivatesAsync(ChatServer chat, string user, Role role) =>
        await chat.Services.GetRequiredService<IGrainLink>().Client.GetGrain<IDirectoryGrain>(new TenantKey(TenantId.Of(chat.Helpdesk.Own)).ToString()).PutPeopleAsync(
            new PutPeople
            {
                Actor = UserId.Of("desk"),
                People = [new Person { UserId = UserId.Of(user), Name = user, Role = role, Active = false }],
            },
            CancellationToken.None);

    private static async Task<(int Status, string Body)> AnswerAsync(ChatServer chat, HttpMethod method, string path, string? token, string? body = null)
    {
        using var answer = await chat.SendsAsync(method, path, token, content: Content(body));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static StringContent? Content(string? body) => body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

    /// <summary>An archive whose second conversation is long in coming.</summary>
    private sealed class SlowArchive
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Replace(IServiceCollection grains) => grains.AddSingleton(services =>
        {
            var archive = DispatchProxy.Create<IArchiveStore, Waiting>();
            (((Waiting)(object)archive).Inner, ((Waiting)(object)archive).Pace) = (services.GetRequiredService<ChatStore>().Archive, this);
            return archive;
        });

        internal Task AskedAsync() => _asked.Task.WaitAsync(ChatServer.Patience);

        internal void GoesOn() => _goesOn.SetResult();

        private async Task<ArchivedConversation?> WaitAsync(Func<Task<ArchivedConversation?>> read)
        {
            _asked.TrySetResult();
            await _goesOn.Task;
            return await read();
        }

        /// <summary>The archive in front of the real one.</summary>
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy that is made at run time derives from it.")]
        public class Waiting : DispatchProxy
        {
            internal IArchiveStore Inner { get; set; } = null!;

            internal object Pace { get; set; } = null!;

            protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
            {
                object? Read() => targetMethod!.Invoke(Inner, args);
                return targetMethod!.Name == nameof(IArchiveStore.ReadNextConversationAsync) && args![1] is not null
                    ? ((SlowArchive)Pace).WaitAsync(() => (Task<ArchivedConversation?>)Read()!)
                    : Read();
            }
        }
    }
}
