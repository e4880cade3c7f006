using System.Text.Json;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>What people have written and not sent yet, on all of their devices.</summary>
public sealed class DraftTests(DraftTests.Server server) : IClassFixture<DraftTests.Server>, IAsyncLifetime
{
    private readonly ChatServer _chat = server.ForOneTest();
    private Participant _ann = null!;
    private Participant _desk = null!;
    private Participant _phone = null!;

    public async ValueTask InitializeAsync() =>
        (_ann, _desk, _phone) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("bob"));

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("W3")]
    [Rule("U10")]
    public async Task SaveDraft_OnOneDevice_TheOtherHearsItAndAReloadHasIt()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");

        var saved = await SavesAsync(_desk, group, "cafe\u0301", version: 0, replyTo: 1);

        (saved.GetProperty("version").GetInt64(), saved.GetProperty("text").GetString(), saved.GetProperty("replyTo").GetInt64()).ShouldBe((1, "caf\u00e9", 1));
        foreach (var session in new[] { _desk, _phone })
        {
            (await session.HearsAsync("draftChanged")).ToString().ShouldBe($$"""{"conversationId":"{{group}}","draft":{{saved}}}""");
        }

        (await DraftsAsync(await _chat.SignsInAsync("bob"))).ShouldBe([saved.ToString()]);
        (await DraftsAsync(_ann)).ShouldBeEmpty();
        _ann.Session.Events.ShouldNotContain(heard => heard.Name == "draftChanged");
    }

    [Fact]
    [Rule("W3")]
    public async Task SaveDraft_OnTwoDevicesAtOnce_TheLaterIsToldWhatStandsAndBothAreKept()
    {
        var conversation = _desk.With("ann");
        await SavesAsync(_desk, conversation, "hello", version: 0);
        var stands = await SavesAsync(_phone, conversation, "hello from the phone", version: 1);

        var refused = await _desk.IsRefusedAsync("versionStale", "SaveDraft", new { conversationId = conversation, text = "hello from the desk", version = 1 });

        refused.GetProperty("error").GetProperty("draft").ToString().ShouldBe(stands.ToString());
        var both = await SavesAsync(_desk, conversation, "hello from the phone\nhello from the desk", refused.GetProperty("error").GetProperty("draft").GetProperty("version").GetInt64());
        (await DraftsAsync(_phone)).ShouldBe([both.ToString()]);
        await _phone.IsRefusedAsync("versionStale", "SaveDraft", new { conversationId = conversation, text = string.Empty, version = 2 });
    }

    [Fact]
    [Rule("W3")]
    public async Task SaveDraft_RepeatedWithoutAnAnswer_IsAnsweredAlikeAndToldOnce()
    {
        var conversation = _desk.With("ann");

        var first = await SavesAsync(_desk, conversation, "hello", version: 0);
        var again = await SavesAsync(_desk, conversation, "hello", version: 0);
        var last = await SavesAsync(_desk, conversation, "hello!", version: 1);

        again.ToString().ShouldBe(first.ToString());
        await _phone.Session.HearsAsync("draftChanged", heard => heard.GetProperty("draft").ToString() == last.ToString());
        _phone.Session.Events.Count(heard => heard.Name == "draftChanged").ShouldBe(2);
    }

    [Fact]
    [Rule("W3")]
    public async Task SaveDraft_EmptyAfterSending_IsGoneEverywhereAndANewOneHasAHigherVersion()
    {
        var conversation = _desk.With("ann");
        await SavesAsync(_desk, conversation, "hello", version: 0);
        await _desk.SendsAsync(conversation, "hello");
        (await DraftsAsync(_phone)).Count.ShouldBe(1, "posting leaves the draft alone");

        var gone = await SavesAsync(_desk, conversation, " \n", version: 1);

        gone.ToString().ShouldBe($$"""{"conversationId":"{{conversation}}","version":2,"text":""}""");
        await _phone.Session.HearsAsync("draftChanged", heard => heard.GetProperty("draft").ToString() == gone.ToString());
        (await DraftsAsync(_phone)).ShouldBeEmpty();
        await _phone.IsRefusedAsync("versionStale", "SaveDraft", new { conversationId = conversation, text = "hello, Ann", version = 1 });
        (await SavesAsync(_phone, conversation, "next", version: 0)).GetProperty("version").GetInt64().ShouldBe(3, "who saw none replaces none");
    }

    [Fact]
    [Rule("C2")]
    [Rule("C3")]
    [Rule("W3")]
    public async Task SaveDraft_ToSomebodyNew_IsKeptAndNobodyElseIsTold()
    {
        var conversation = _ann.With("bob");
        var saved = await SavesAsync(_ann, conversation, "shall we?", version: 0);

        (await DraftsAsync(await _chat.SignsInAsync("ann"))).ShouldBe([saved.ToString()]);
        (await _ann.ListsAsync()).ShouldBeEmpty();
        (await _desk.ListsAsync()).ShouldBeEmpty();
        (await DraftsAsync(_desk)).ShouldBeEmpty();
        await _ann.IsRefusedAsync("notFound", "SaveDraft", new { conversationId = _ann.With("nobody"), text = "hi", version = 0 });

        await _ann.SendsAsync(conversation, "shall we?");
        await _desk.SeesAsync(conversation, "shall we?");
        _desk.Session.Events.Select(heard => heard.Name).ShouldBe(["welcome", "messagePosted"]);
    }

    [Fact]
    [Rule("C10")]
    [Rule("C11")]
    [Rule("W3")]
    public async Task SaveDraft_RemovedFromTheGroup_IsGoneAndLikeInOneThatThereIsNot()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        await SavesAsync(_desk, group, "what I think of it", version: 0);
        await _ann.CallsAsync("RemoveMember", new { conversationId = group, clientId = Guid.NewGuid(), member = "bob" });

        (await DraftsAsync(_desk)).ShouldBeEmpty();
        var refused = await _desk.IsRefusedAsync("notFound", "SaveDraft", new { conversationId = group, text = "more of it", version = 1 });
        var unknown = "c/" + Guid.NewGuid().ToString("N");
        refused.ToString().ShouldBe((await _desk.IsRefusedAsync("notFound", "SaveDraft", new { conversationId = unknown, text = "more of it", version = 1 })).ToString());

        await _ann.CallsAsync("AddMembers", new { conversationId = group, clientId = Guid.NewGuid(), members = new[] { "bob" } });
        (await DraftsAsync(_desk)).ShouldBeEmpty();
        var back = await SavesAsync(_desk, group, "back", version: 0);
        back.GetProperty("version").GetInt64().ShouldBe(3);
        await _phone.Session.HearsAsync("draftChanged", heard => heard.GetProperty("draft").ToString() == back.ToString());
        _phone.Session.Events.Count(heard => heard.Name == "draftChanged").ShouldBe(2, "that it went was not told");
    }

    [Fact]
    [Rule("W3")]
    public async Task SaveDraft_OneMoreThanThereMayBe_IsRefusedAndTheOthersGoOn()
    {
        var groups = new[] { await _chat.HasGroupAsync("one", "bob"), await _chat.HasGroupAsync("two", "bob"), await _chat.HasGroupAsync("three", "bob") };
        await SavesAsync(_desk, groups[0], "one", version: 0);
        await SavesAsync(_desk, groups[1], "two", version: 0);

        await _desk.IsRefusedAsync("tooManyDrafts", "SaveDraft", new { conversationId = groups[2], text = "three", version = 0 });

        await SavesAsync(_desk, groups[2], string.Empty, version: 0);
        await SavesAsync(_desk, groups[0], "one!", version: 1);
        await SavesAsync(_desk, groups[1], string.Empty, version: 1);
        await SavesAsync(_desk, groups[2], "three", version: 0);
        (await DraftsAsync(_desk)).Count.ShouldBe(2);
    }

    [Fact]
    [Rule("R6")]
    [Rule("W3")]
    public async Task Drafts_OfAnybody_AreInNoHistorySearchOrExport()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        await SavesAsync(_desk, group, "unsaid canarybird", version: 0);
        await _ann.SendsAsync(group, "said canarybird");

        var found = await _desk.CallsAsync("Search", new { query = "canarybird" });
        for (var until = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < until && found.GetProperty("messages").GetArrayLength() == 0;)
        {
            found = await _desk.CallsAsync("Search", new { query = "canarybird" });
        }

        found.GetProperty("messages").EnumerateArray().Single().GetProperty("message").GetProperty("text").GetString().ShouldBe("said canarybird");
        (await _desk.ReadsAsync(group)).ShouldNotContain("unsaid canarybird");
        using var answer = await _chat.SendsAsync(HttpMethod.Get, "/api/export", _chat.Helpdesk.TokenAs("adam", "admin"));
        var exported = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        exported.ShouldContain("said canarybird");
        exported.ShouldNotContain("unsaid");
    }

    private static async Task<JsonElement> SavesAsync(Participant by, string conversation, string text, long version, long? replyTo = null) =>
        (await by.CallsAsync("SaveDraft", new { conversationId = conversation, text, replyTo, version })).GetProperty("draft");

    private static async Task<IReadOnlyList<string>> DraftsAsync(Participant of) =>
        [.. (await of.CallsAsync("Drafts", new { })).GetProperty("drafts").EnumerateArray().Select(draft => draft.ToString())];

    public sealed class Server : SharedServer
    {
        internal override ChatSetup Setup => new() { Settings = ["--Inbox:DraftsMax=2"] };
    }
}
