using System.Text.Json;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>Whatever a client asks that it must not: the documented answer, nothing lost, and the gateway goes on.</summary>
public sealed class BadRequestTests(SharedServer server) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private readonly ChatServer _chat = server.ForOneTest();
    private Participant _ann = null!;
    private Participant _bob = null!;
    private string _conversation = null!;

    public async ValueTask InitializeAsync()
    {
        _ann = await _chat.SignsInAsync("ann");
        _bob = await _chat.SignsInAsync("bob");
        _conversation = _ann.With("bob");
        await _ann.SendsAsync(_conversation, "before");
    }

    public async ValueTask DisposeAsync()
    {
        // After every one of these tests the same two people still talk, on the same connections, and nothing is lost.
        await _ann.SendsAsync(_conversation, "after");
        await _bob.SeesAsync(_conversation, "after");
        (await _bob.ReadsAsync(_conversation, limit: 1)).ShouldBe(["after"]);
        var first = await _bob.CallsAsync("History", new { conversationId = _conversation, anchor = "before", seq = 2 });
        first.GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe("before");
        await _chat.DisposeAsync();
    }

    [Theory]
    [Rule("M6")]
    [InlineData("x", 10_000)]
    [InlineData("é", 10_000)]
    [InlineData("漢", 10_000)]
    [InlineData("😀", 10_000)]
    public async Task Post_LongestText_IsStoredAndArrivesWhole(string scalar, int times)
    {
        var text = string.Concat(Enumerable.Repeat(scalar, times));
        await _ann.SendsAsync(_conversation, text);
        await _bob.SeesAsync(_conversation, text);
    }

    [Theory]
    [Rule("M6")]
    [InlineData("x", 10_001)]
    [InlineData("😀", 10_001)]
    [InlineData("漢", 13_334)]
    [InlineData("x", 100_000)]
    public async Task Post_TooLongText_IsRefused(string scalar, int times) =>
        await IsRefusedAsync("textTooLong", string.Concat(Enumerable.Repeat(scalar, times)));

    [Theory]
    [Rule("M6")]
    [InlineData("", "textEmpty")]
    [InlineData(" \t\r\n\u2003\u00a0", "textEmpty")]
    [InlineData("a\0b", "textInvalid")]
    [InlineData("\0", "textInvalid")]
    public async Task Post_TextThatIsNone_IsRefused(string text, string code) => await IsRefusedAsync(code, text);

    [Theory]
    [Rule("M6")]
    [InlineData("""\ud800""")]
    [InlineData("""a\udc00b""")]
    [InlineData("""\udc00\ud800""")]
    [InlineData("""x\ud83d""")]
    [InlineData("""\u0000""")]
    public async Task Post_LoneSurrogateOrNulInJson_IsRefused(string escaped)
    {
        var mallory = await _chat.OpensSocketAsync();
        var completion = await mallory.InvokesAsync("Post", $$"""[{"conversationId":"{{With("mallory")}}","clientId":"{{Guid.NewGuid()}}","text":"{{escaped}}"}]""");
        Participant.CodeOf(completion.GetProperty("result")).ShouldBe("textInvalid");
    }

    [Fact]
    [Rule("M6")]
    public async Task Post_DecomposedText_IsStoredComposed()
    {
        await _ann.SendsAsync(_conversation, "Ame\u0301lie");
        await _bob.SeesAsync(_conversation, "Am\u00e9lie");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("c/018f0000000070008000000000000000")]
    [InlineData("dm/ann~nobody")]
    [InlineData("dm/bob~ann")]
    [InlineData("dm/ann")]
    [InlineData("dm/%~ann")]
    [InlineData("dm/ann~bob~eve")]
    [InlineData("dm/carl~dora")]
    [InlineData("../../acme/dm/ann~bob")]
    [InlineData("acme/dm/ann~bob")]
    [Rule("S1")]
    public async Task AnyMethod_ConversationThatIsNone_IsNotFound(string conversationId)
    {
        await _ann.IsRefusedAsync("notFound", "Post", new { conversationId, clientId = Guid.NewGuid(), text = "hi" });
        await _ann.IsRefusedAsync("notFound", "MarkRead", new { conversationId, upToSeq = 1 });
        await _ann.IsRefusedAsync("notFound", "MarkUnread", new { conversationId, fromSeq = 1 });
        await _ann.IsRefusedAsync("notFound", "SetNotifications", new { conversationId, mute = "on" });
        await _ann.IsRefusedAsync("notFound", "MarkMentionDone", new { conversationId, seq = 1, done = true });
        await _ann.IsRefusedAsync("notFound", "FindMentionable", new { conversationId, text = string.Empty });
        await _ann.IsRefusedAsync("notFound", "WhyNotified", new { conversationId, seq = 1 });
        await _ann.IsRefusedAsync("notFound", "NotifyNow", new { conversationId, seq = 1 });
        var synced = await _ann.CallsAsync("Sync", new { conversations = new[] { new { id = conversationId, rev = 0 } } });
        synced.GetProperty("conversations")[0].ToString().ShouldBe(JsonSerializer.Serialize(new { id = conversationId, status = "gone" }));
        if (conversationId != "dm/ann~nobody")
        {
            // One's own direct conversation with whomever answers empty; it has not begun.
            await _ann.IsRefusedAsync("notFound", "History", new { conversationId, anchor = "latest" });
        }
    }

    [Fact]
    [Rule("S1")]
    public async Task AnyMethod_SomebodyElsesConversation_AnswersTheSameBytesAsForAnUnknownOne()
    {
        var eve = await _chat.SignsInAsync("eve");
        var foreigner = await _chat.SignsInAsync("ann", "globex");
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        var unknown = ConversationId.Of(Guid.NewGuid()).Value;

        foreach (var (outsider, foreign) in new[] { (eve, _conversation), (eve, group), (foreigner, group) })
        {
            foreach (var (method, request) in Requests(foreign).Zip(Requests(unknown), (one, other) => (one.Method, (one.Request, other.Request))))
            {
                var answer = await outsider.Session.CallAsync(method, request.Item1);
                var expected = await outsider.Session.CallAsync(method, request.Item2);
                answer.ToString().Replace(foreign, unknown, StringComparison.Ordinal).ShouldBe(expected.ToString(), method);
            }
        }

        foreigner.Session.Events.ShouldHaveSingleItem().Name.ShouldBe("welcome");

        static IEnumerable<(string Method, object Request)> Requests(string conversationId) =>
        [
            ("Post", new { conversationId, clientId = Guid.Parse("018f0000-0000-7000-8000-000000000001"), text = "hi" }),
            ("History", new { conversationId, anchor = "latest" }),
            ("History", new { conversationId, anchor = "around", seq = 1 }),
            ("History", new { conversationId, anchor = "unread" }),
            ("MarkRead", new { conversationId, upToSeq = 1 }),
            ("MarkUnread", new { conversationId, fromSeq = 1 }),
            ("SetNotifications", new { conversationId, level = "all" }),
            ("MarkMentionDone", new { conversationId, seq = 1, done = true }),
            ("FindMentionable", new { conversationId, text = string.Empty }),
            ("WhyNotified", new { conversationId, seq = 1 }),
            ("NotifyNow", new { conversationId, seq = 1 }),
            ("SaveDraft", new { conversationId, text = "hi", version = 0 }),
            ("SaveDraft", new { conversationId, text = "hi", version = 1 }),
            ("SaveDraft", new { conversationId, text = string.Empty, version = 0 }),
            ("ReportNotifications", new
            {
                device = "desk", items = new[] { new { conversationId, seq = 1, outcome = "shown", at = "2026-01-01T00:00:00Z" } },
            }),
            ("Sync", new { conversations = new[] { new { id = conversationId, rev = 0 } } }),
            ("Sync", new { conversations = new[] { new { id = conversationId, rev = 1000 } } }),
        ];
    }

    [Theory]
    [Rule("M3")]
    [InlineData("Post", """{"text":"hi","conversationId":"dm/ann~bob"}""")]
    [InlineData("Post", """{"text":"hi","conversationId":"dm/ann~bob","clientId":null}""")]
    [InlineData("Post", """{"text":"hi","conversationId":"dm/ann~bob","clientId":"00000000-0000-0000-0000-000000000000"}""")]
    [InlineData("Post", """{"conversationId":"dm/ann~bob","clientId":"018f0000-0000-7000-8000-000000000000"}""")]
    [InlineData("Post", """{"text":null,"conversationId":"dm/ann~bob","clientId":"018f0000-0000-7000-8000-000000000000"}""")]
    [InlineData("Post", "{}")]
    [InlineData("Post", "null")]
    [InlineData("History", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"newest"}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"before"}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"before","seq":0}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"around","seq":-1}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"latest","limit":0}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"latest","limit":201}""")]
    [InlineData("History", """{"conversationId":"dm/ann~bob","anchor":"latest","limit":-1}""")]
    [InlineData("History", "null")]
    [InlineData("ListConversations", """{"limit":0}""")]
    [InlineData("ListConversations", """{"limit":201}""")]
    [InlineData("ListConversations", """{"after":""}""")]
    [InlineData("ListConversations", """{"after":"garbage!"}""")]
    [InlineData("ListConversations", """{"after":"AAAA"}""")]
    [InlineData("ListConversations", """{"after":"MiAwIGRtL2Fubg"}""")]
    [InlineData("ListConversations", """{"after":"MiA5OTk5OTk5OTk5OTk5OTk5OTk5IGRtL2Fubn5ib2I"}""")]
    [InlineData("ListConversations", "null")]
    [InlineData("Sync", "{}")]
    [InlineData("Sync", """{"conversations":[]}""")]
    [InlineData("Sync", """{"conversations":null}""")]
    [InlineData("Sync", """{"conversations":[null]}""")]
    [InlineData("Sync", """{"conversations":[{}]}""")]
    [InlineData("Sync", """{"conversations":[{"id":"dm/ann~bob"}]}""")]
    [InlineData("Sync", """{"conversations":[{"id":"dm/ann~bob","rev":-1}]}""")]
    [InlineData("Sync", "null")]
    [InlineData("MarkRead", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("MarkRead", """{"conversationId":"dm/ann~bob","upToSeq":-1}""")]
    [InlineData("MarkRead", "null")]
    [InlineData("MarkUnread", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("MarkUnread", """{"conversationId":"dm/ann~bob","fromSeq":0}""")]
    [InlineData("MarkUnread", "null")]
    [InlineData("MarkAllRead", "null")]
    [InlineData("UndoMarkAllRead", "{}")]
    [InlineData("SetNotifications", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("SetNotifications", """{"conversationId":"dm/ann~bob","level":"some"}""")]
    [InlineData("SetNotifications", """{"conversationId":"dm/ann~bob","mute":"maybe","level":"all"}""")]
    [InlineData("SetNotifications", """{"conversationId":"dm/ann~bob","mute":"off","mutedUntil":"2030-01-01T00:00:00Z"}""")]
    [InlineData("SetNotifications", """{"conversationId":"dm/ann~bob","level":"all","mutedUntil":"2030-01-01T00:00:00Z"}""")]
    [InlineData("Mentions", """{"limit":0}""")]
    [InlineData("Mentions", """{"limit":201}""")]
    [InlineData("Mentions", """{"after":"AAAA"}""")]
    [InlineData("MarkMentionDone", """{"conversationId":"dm/ann~bob","seq":1}""")]
    [InlineData("MarkMentionDone", """{"conversationId":"dm/ann~bob","seq":0,"done":true}""")]
    [InlineData("FindConversations", "{}")]
    [InlineData("FindConversations", """{"text":"a","limit":0}""")]
    [InlineData("FindConversations", """{"text":"a","limit":51}""")]
    [InlineData("FindMentionable", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("FindMentionable", """{"conversationId":"dm/ann~bob","text":"","limit":9}""")]
    [InlineData("WhyNotified", """{"conversationId":"dm/ann~bob"}""")]
    [InlineData("NotifyNow", """{"conversationId":"dm/ann~bob","seq":0}""")]
    [InlineData("ReportNotifications", """{"items":[{"conversationId":"dm/ann~bob","seq":1,"outcome":"shown","at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("ReportNotifications", """{"device":" ","items":[{"conversationId":"dm/ann~bob","seq":1,"outcome":"shown","at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("ReportNotifications", """{"device":"desk","items":[]}""")]
    [InlineData("ReportNotifications", """{"device":"desk","items":[null]}""")]
    [InlineData("ReportNotifications", """{"device":"desk","items":[{"conversationId":"dm/ann~bob","seq":1,"outcome":"seen","at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("ReportNotifications", """{"device":"desk","items":[{"conversationId":"dm/ann~bob","seq":1,"outcome":"shown"}]}""")]
    [InlineData("SaveDraft", """{"conversationId":"dm/ann~bob","text":"hi"}""")]
    [InlineData("SaveDraft", """{"conversationId":"dm/ann~bob","version":0}""")]
    [InlineData("SaveDraft", """{"conversationId":"dm/ann~bob","text":"hi","version":-1}""")]
    [InlineData("SaveDraft", """{"conversationId":"dm/ann~bob","text":"hi","version":0,"replyTo":0}""")]
    [InlineData("SaveDraft", "null")]
    [InlineData("Drafts", "null")]
    [InlineData("FindPeople", "{}")]
    [InlineData("FindPeople", """{"text":"a","limit":0}""")]
    [InlineData("FindPeople", """{"text":"a","limit":201}""")]
    [InlineData("FindPeople", "null")]
    public async Task AnyMethod_FieldMissingOrOutOfBounds_IsInvalid(string method, string request)
    {
        var mallory = await _chat.OpensSocketAsync("ann");
        var completion = await mallory.InvokesAsync(method, $"[{request}]");
        Participant.CodeOf(completion.GetProperty("result")).ShouldBe("invalidRequest", completion.ToString());
    }

    [Theory]
    [Rule("M11")]
    [InlineData(1)]
    [InlineData(200)]
    public async Task AnyMethod_LimitAtItsBounds_IsAnswered(int limit)
    {
        await _ann.CallsAsync("History", new { conversationId = _conversation, anchor = "latest", limit });
        await _ann.CallsAsync("ListConversations", new { limit });
        await _ann.CallsAsync("FindPeople", new { text = string.Empty, limit });
    }

    [Theory]
    [Rule("M12")]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task Sync_SoManyConversations_AnswersEachInOrderOrRefuses(int entries, bool answered)
    {
        var asked = Enumerable.Range(0, entries).Select(i => i % 3 == 0 ? _conversation : i % 3 == 1 ? ConversationId.Of(Guid.NewGuid()).Value : "nonsense").ToList();
        var request = new { conversations = asked.Select(id => new { id, rev = 0 }) };
        if (!answered)
        {
            await _ann.IsRefusedAsync("invalidRequest", "Sync", request);
            return;
        }

        var synced = (await _ann.CallsAsync("Sync", request)).GetProperty("conversations").EnumerateArray().ToList();
        synced.Select(entry => entry.GetProperty("id").GetString()).ShouldBe(asked);
        synced.Select(entry => entry.GetProperty("status").GetString()).ShouldBe(asked.Select(id => id == _conversation ? "changes" : "gone"));
    }

    [Theory]
    [Rule("M12")]
    [InlineData(0, "changes")]
    [InlineData(100, "changes")]
    [InlineData(1_000_000, "reset")]
    [InlineData(long.MaxValue, "reset")]
    public async Task Sync_AnyRev_SaysChangesOrReset(long rev, string status)
    {
        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => _ann.SendsAsync(_conversation, $"{i}")));
        var synced = (await _bob.CallsAsync("Sync", new { conversations = new[] { new { id = _conversation, rev } } })).GetProperty("conversations")[0];
        synced.GetProperty("status").GetString().ShouldBe(status);
        if (status == "changes")
        {
            synced.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("rev").GetInt64())
                .ShouldBe(Enumerable.Range((int)rev + 1, 151 - (int)rev).Select(next => (long)next));
        }
    }

    [Fact]
    [Rule("M12")]
    public async Task Sync_MoreThan200Behind_SaysReset()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _ann.SendsAsync(_conversation, $"{i}")));
        (await StatusAsync(0)).ShouldBe("reset");
        (await StatusAsync(1)).ShouldBe("changes");

        async Task<string?> StatusAsync(long rev) =>
            (await _bob.CallsAsync("Sync", new { conversations = new[] { new { id = _conversation, rev } } }))
                .GetProperty("conversations")[0].GetProperty("status").GetString();
    }

    [Theory]
    [Rule("L4")]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public async Task FindPeople_TextOfSoManyScalars_IsAnsweredOrRefused(int scalars, bool answered)
    {
        var text = string.Concat(Enumerable.Repeat("😀", scalars));
        var answer = await _ann.Session.CallAsync("FindPeople", new { text });
        answer.GetProperty("ok").GetBoolean().ShouldBe(answered);
        Participant.CodeOf(answer).ShouldBe(answered ? null : "invalidRequest");
    }

    [Fact]
    [Rule("S13")]
    public async Task FindPeople_IllFormedText_IsRefusedLikeEverywhereElse()
    {
        await _ann.IsRefusedAsync("textInvalid", "FindPeople", new { text = "a\0" });
        var mallory = await _chat.OpensSocketAsync();
        var completion = await mallory.InvokesAsync("FindPeople", """[{"text":"\ud800"}]""");
        Participant.CodeOf(completion.GetProperty("result")).ShouldBe("textInvalid");
    }

    [Theory]
    [Rule("S13")]
    [InlineData("%")]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("*")]
    [InlineData("\u202eann")]
    public async Task FindPeople_OddText_FindsNobody(string text) =>
        (await _ann.CallsAsync("FindPeople", new { text })).GetProperty("people").GetArrayLength().ShouldBe(0);

    [Theory]
    [Rule("S15")]
    [InlineData("Nonsense", "[{}]")]
    [InlineData("OnConnectedAsync", "[]")]
    [InlineData("Dispose", "[]")]
    [InlineData("Post", "[]")]
    [InlineData("Post", "[{},{}]")]
    [InlineData("Post", "[[]]")]
    [InlineData("Post", "[\"text\"]")]
    [InlineData("Post", "[7]")]
    [InlineData("Post", """[{"text":7}]""")]
    [InlineData("Post", """[{"clientId":"not-a-uuid"}]""")]
    [InlineData("Post", """[{"conversationId":{"value":"dm/ann~bob"}}]""")]
    [InlineData("History", """[{"conversationId":"dm/ann~bob","anchor":"before","seq":"1"}]""")]
    [InlineData("History", """[{"conversationId":"dm/ann~bob","anchor":"before","seq":1.5}]""")]
    [InlineData("History", """[{"conversationId":"dm/ann~bob","anchor":"before","seq":99999999999999999999}]""")]
    [InlineData("History", """[{"conversationId":"dm/ann~bob","anchor":"latest","limit":4294967297}]""")]
    [InlineData("MarkRead", """[{"conversationId":"dm/ann~bob","upToSeq":1e400}]""")]
    [InlineData("MarkRead", """[{"conversationId":"dm/ann~bob","upToSeq":NaN}]""", true)]
    [InlineData("Sync", """[{"conversations":{"id":"dm/ann~bob"}}]""")]
    public async Task AnyMethod_NotItsShape_IsAnsweredWithAnErrorOfTheProtocol(string method, string arguments, bool isNoJson = false)
    {
        var mallory = await _chat.OpensSocketAsync("ann");
        if (isNoJson)
        {
            await mallory.SendsAsync($$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":{{arguments}}}""");
            await mallory.IsClosedAsync();
            return;
        }

        var completion = await mallory.InvokesAsync(method, arguments);
        var error = completion.GetProperty("error").GetString()!;
        error.ShouldNotContain("   at "); // No stack trace.
        error.ShouldNotContain("OrleansChat");

        // The connection stays.
        (await mallory.InvokesAsync("ListConversations", "[{}]", "2")).GetProperty("result").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Rule("S4")]
    public async Task Post_UnknownMembers_AreIgnored()
    {
        var mallory = await _chat.OpensSocketAsync("ann");
        var completion = await mallory.InvokesAsync(
            "Post",
            $$$"""[{"conversationId":"dm/ann~bob","clientId":"{{{Guid.NewGuid()}}}","text":"mine","tenantId":"globex","senderId":"bob","author":{"userId":"bob"},"seq":99,"kind":"system","fact":{"kind":"renamed"}}]""");
        completion.GetProperty("result").GetProperty("seq").GetInt64().ShouldBe(2);
        var message = (await _bob.SeesAsync("dm/ann~bob", "mine")).GetProperty("message");
        message.GetProperty("author").GetProperty("userId").GetString().ShouldBe("ann");
        message.GetProperty("kind").GetString().ShouldBe("text");
        message.TryGetProperty("fact", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Post_NobodyWaitsForTheAnswer_IsStoredAllTheSame()
    {
        var quiet = await _chat.OpensSocketAsync("ann");
        await quiet.SendsAsync($$"""{"type":1,"target":"Post","arguments":[{"conversationId":"dm/ann~bob","clientId":"{{Guid.NewGuid()}}","text":"quietly"}]}""");
        await _bob.SeesAsync("dm/ann~bob", "quietly");
    }

    private static string With(string user) => ConversationId.Direct(UserId.Of(user), UserId.Of("bob")).Value;

    private async Task IsRefusedAsync(string code, string text)
    {
        await _ann.IsRefusedAsync(code, "Post", new { conversationId = _conversation, clientId = Guid.NewGuid(), text });
        (await _bob.ReadsAsync(_conversation)).ShouldBe(["before"]);
    }
}
