using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>What people do with their inboxes, on all of their devices.</summary>
public sealed class InboxTests(SharedServer server) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private readonly ChatServer _chat = server.ForOneTest();
    private Participant _ann = null!;
    private Participant _desk = null!;
    private Participant _phone = null!;

    public async ValueTask InitializeAsync() =>
        (_ann, _desk, _phone) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("bob"));

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("U8")]
    [Rule("U10")]
    public async Task MarkUnread_OnOneDevice_TheOthersHearIt()
    {
        var conversation = _ann.With("bob");
        await _ann.SendsAsync(conversation, "one");
        await _ann.SendsAsync(conversation, "two");
        await _desk.CallsAsync("MarkRead", new { conversationId = conversation, upToSeq = 2 });

        var marked = await _desk.CallsAsync("MarkUnread", new { conversationId = conversation, fromSeq = 2 });

        marked.GetProperty("unread").GetProperty("readSeq").GetInt64().ShouldBe(1);
        var moved = await _phone.Session.HearsAsync("readCursorMoved", heard => heard.GetProperty("unread").GetProperty("readSeq").GetInt64() == 1);
        moved.GetProperty("unread").ToString().ShouldBe(marked.GetProperty("unread").ToString());
        _ann.Session.Events.ShouldNotContain(heard => heard.Name == "readCursorMoved");
    }

    [Fact]
    [Rule("U10")]
    [Rule("U12")]
    public async Task MarkAllRead_AndUndone_TheOtherDevicesHearEachConversation()
    {
        string[] conversations = [_ann.With("bob"), await _chat.HasGroupAsync("Standup", "ann", "bob")];
        foreach (var conversation in conversations)
        {
            await _ann.SendsAsync(conversation, "unread");
        }

        var marked = await _desk.CallsAsync("MarkAllRead", new { });
        marked.GetProperty("conversations").GetInt32().ShouldBe(2);
        foreach (var conversation in conversations)
        {
            await _phone.Session.HearsAsync("readCursorMoved", heard => IsOf(heard, conversation, unread: 0));
        }

        (await _desk.CallsAsync("UndoMarkAllRead", new { undo = marked.GetProperty("undo").GetGuid() })).GetProperty("conversations").GetInt32().ShouldBe(2);
        foreach (var conversation in conversations)
        {
            await _phone.Session.HearsAsync("readCursorMoved", heard => IsOf(heard, conversation, unread: 1));
        }

        await _desk.IsRefusedAsync("undoExpired", "UndoMarkAllRead", new { undo = Guid.NewGuid() });

        static bool IsOf(System.Text.Json.JsonElement heard, string conversation, long unread) =>
            heard.GetProperty("conversationId").GetString() == conversation && heard.GetProperty("unread").GetProperty("unread").GetInt64() == unread;
    }

    [Fact]
    [Rule("N7")]
    [Rule("U10")]
    [Rule("U11")]
    public async Task SetNotifications_OnOneDevice_TheOthersHearItAndTheListShowsIt()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");

        var set = await _desk.CallsAsync("SetNotifications", new { conversationId = group, level = "nothing", mute = "on", mutedUntil = "2100-01-01T00:00:00Z" });

        var changed = await _phone.HearsAsync("notificationsChanged");
        changed.GetProperty("level").GetString().ShouldBe("nothing");
        changed.GetProperty("unread").ToString().ShouldBe(set.GetProperty("unread").ToString());
        changed.GetProperty("unread").GetProperty("mutedUntil").GetString().ShouldBe("2100-01-01T00:00:00.000Z");
        (await _phone.ListsAsync()).Single().GetProperty("level").GetString().ShouldBe("nothing");
        (await _ann.ListsAsync()).Single().GetProperty("level").GetString().ShouldBe("default");
        _ann.Session.Events.ShouldNotContain(heard => heard.Name == "notificationsChanged");
    }

    [Fact]
    [Rule("N10")]
    public async Task Mentions_OfSomebody_ArePagedAndMarkedDone()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        foreach (var number in Enumerable.Range(1, 3))
        {
            await _ann.SendsAsync(group, $"<@bob> {number}");
        }

        var first = await _desk.CallsAsync("Mentions", new { limit = 2 });
        var second = await _desk.CallsAsync("Mentions", new { limit = 2, after = first.GetProperty("next").GetString() });
        first.GetProperty("mentions").EnumerateArray().Concat(second.GetProperty("mentions").EnumerateArray())
            .Select(mention => mention.GetProperty("message").GetProperty("text").GetString()).ShouldBe(["<@bob> 3", "<@bob> 2", "<@bob> 1"]);
        second.TryGetProperty("next", out _).ShouldBeFalse();

        await _desk.CallsAsync("MarkMentionDone", new { conversationId = group, seq = 3, done = true });
        (await _phone.HearsAsync("mentionMarked")).ToString().ShouldBe($$"""{"conversationId":"{{group}}","seq":3,"done":true}""");
        (await _desk.CallsAsync("Mentions", new { unreadOnly = true })).GetProperty("mentions").GetArrayLength().ShouldBe(2);
        await _desk.IsRefusedAsync("notFound", "MarkMentionDone", new { conversationId = group, seq = 1, done = true });
    }

    [Fact]
    [Rule("L4")]
    [Rule("N2")]
    public async Task FindConversations_FindMentionable_AndTheFilter_FindByName()
    {
        var group = await _chat.HasGroupAsync("Caf\u00e9", "ann", "bob");
        await _ann.SendsAsync(_ann.With("bob"), "hi");

        var found = await _desk.CallsAsync("FindConversations", new { text = "CAFE" });
        found.GetProperty("conversations").EnumerateArray().Single().GetProperty("conversation").GetProperty("id").GetString().ShouldBe(group);
        var listed = await _desk.CallsAsync("ListConversations", new { filter = "cafe" });
        listed.GetProperty("conversations").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(group);
        var people = await _desk.CallsAsync("FindMentionable", new { conversationId = group, text = "a" });
        people.GetProperty("people")[0].GetProperty("userId").GetString().ShouldBe("ann");
        await _desk.IsRefusedAsync("textInvalid", "FindConversations", new { text = "a\0" });
        await _desk.IsRefusedAsync("textInvalid", "ListConversations", new { filter = "a\0" });
        await _desk.IsRefusedAsync("invalidRequest", "FindConversations", new { text = new string('a', 81) });
    }

    [Fact]
    [Rule("N12")]
    public async Task WhyNotified_ReportedByADevice_TellsRuleAndDevice()
    {
        var conversation = _ann.With("bob");
        await _ann.SendsAsync(conversation, "hi");
        await _desk.CallsAsync("ReportNotifications", new
        {
            device = "desk",
            items = new object[]
            {
                new { conversationId = conversation, seq = 1, outcome = "shown", at = "2000-01-01T00:00:00Z" },
                new { conversationId = "nonsense", seq = 1, outcome = "shown", at = "2000-01-01T00:00:00Z" },
            },
        });

        var why = await _phone.CallsAsync("WhyNotified", new { conversationId = conversation, seq = 1 });
        (why.GetProperty("notified").GetBoolean(), why.GetProperty("reason").GetString()).ShouldBe((true, "direct"));
        why.GetProperty("devices").EnumerateArray().Single().GetProperty("outcome").GetString().ShouldBe("shown");
        (await _ann.CallsAsync("WhyNotified", new { conversationId = conversation, seq = 1 })).GetProperty("reason").GetString().ShouldBe("own");
        await _desk.IsRefusedAsync("notFound", "WhyNotified", new { conversationId = conversation, seq = 2 });
    }

    [Fact]
    [Rule("N6")]
    public async Task NotifyNow_MentionedInDnd_HearsItOnEveryDeviceOnce()
    {
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");
        await _desk.CallsAsync("SetStatus", new { status = "dnd" });
        await _ann.SendsAsync(group, "<@bob> now");

        var answer = await _ann.CallsAsync("NotifyNow", new { conversationId = group, seq = 2 });

        answer.GetProperty("notified").EnumerateArray().Select(user => user.GetString()).ShouldBe(["bob"]);
        foreach (var session in new[] { _desk, _phone })
        {
            (await session.HearsAsync("notifyNow")).ToString().ShouldBe($$"""{"conversationId":"{{group}}","seq":2,"authorId":"ann"}""");
        }

        (await _ann.CallsAsync("NotifyNow", new { conversationId = group, seq = 2 })).GetProperty("tooSoon").GetArrayLength().ShouldBe(1);
        await _desk.IsRefusedAsync("forbidden", "NotifyNow", new { conversationId = group, seq = 2 });
    }
}
