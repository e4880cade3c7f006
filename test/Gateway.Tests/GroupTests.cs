using System.Text.Json;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>Groups and what becomes of messages, through the whole gateway and on open sockets.</summary>
public sealed class GroupTests(SharedServer server) : IClassFixture<SharedServer>, IAsyncDisposable
{
    private readonly ChatServer _chat = server.ForOneTest();

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("C4")]
    [Rule("C14")]
    public async Task CreateGroup_OneCall_EverybodyHasItAtOnceAndARepetitionMakesNoSecond()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var request = new { clientId = Guid.NewGuid(), title = " Standup ", members = new[] { "bob" } };

        var group = (await ann.CallsAsync("CreateGroup", request)).GetProperty("conversationId").GetString()!;

        var heard = await bob.Session.HearsAsync("messagePosted", posted => ConversationOf(posted) == group);
        var fact = heard.GetProperty("message").GetProperty("fact");
        (fact.GetProperty("kind").GetString(), fact.GetProperty("after").GetString()).ShouldBe(("created", "Standup"));
        (await bob.ListsAsync()).Single().GetProperty("id").GetString().ShouldBe(group);
        (await ann.CallsAsync("CreateGroup", request)).GetProperty("conversationId").GetString().ShouldBe(group);
        (await ann.ListsAsync()).Count.ShouldBe(1);
        await ann.IsRefusedAsync("clientIdReused", "CreateGroup", new { request.clientId, title = "Other", request.members });
        await bob.SendsAsync(group, "hi");
        await ann.SeesAsync(group, "hi");
    }

    [Fact]
    [Rule("C10")]
    public async Task RemoveMember_WithOpenSockets_HearsTheRemovalOnEachAndNothingAfterIt()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        Participant[] removed = [await _chat.SignsInAsync("cleo"), await _chat.SignsInAsync("cleo")];
        var group = await CreatesAsync(ann, "bob", "cleo");
        await ann.SendsAsync(group, "before");
        await removed[0].SeesAsync(group, "before");

        await ann.CallsAsync("RemoveMember", new { conversationId = group, clientId = Guid.NewGuid(), member = "cleo" });
        var after = await ann.SendsAsync(group, "secret");
        await ann.CallsAsync("Edit", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, version = 1, text = "changed" });
        await ann.CallsAsync("React", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, emoji = "👍", add = true });
        await bob.Session.HearsAsync("reactionChanged", _ => true);

        // What is sent to Cleo later is heard by then: one queue for each session.
        await ann.SendsAsync(ann.With("cleo"), "sorry");
        foreach (var session in removed)
        {
            await session.SeesAsync(ann.With("cleo"), "sorry");
            session.Session.Events.Where(heard => ConversationOf(heard.Payload) == group).Select(KindOf).ShouldBe(["created", "text", "removed"]);
        }

        await removed[0].IsRefusedAsync("notFound", "History", new { conversationId = group, anchor = "latest" });
        await removed[0].IsRefusedAsync("notFound", "Post", new { conversationId = group, clientId = Guid.NewGuid(), text = "still here?" });
        await removed[0].IsRefusedAsync("notFound", "Members", new { conversationId = group });
        var synced = await removed[0].CallsAsync("Sync", new { conversations = new[] { new { id = group, rev = 2 } } });
        synced.GetProperty("conversations")[0].GetProperty("status").GetString().ShouldBe("gone");
        (await removed[0].ListsAsync()).Single().GetProperty("kind").GetString().ShouldBe("direct");
        after.GetProperty("seq").GetInt64().ShouldBe(4);
    }

    [Fact]
    [Rule("C8")]
    [Rule("C11")]
    public async Task AddMembers_AgainAfterLeaving_HearsOfItAndSeesEverything()
    {
        var (ann, cleo) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("cleo"));
        var other = await _chat.SignsInAsync("cleo");
        var group = await CreatesAsync(ann, "cleo");
        await cleo.CallsAsync("Leave", new { conversationId = group, clientId = Guid.NewGuid() });
        await other.Session.HearsAsync("messagePosted", posted => KindOf(posted) == "left");
        await ann.SendsAsync(group, "while you were away");

        await ann.CallsAsync("AddMembers", new { conversationId = group, clientId = Guid.NewGuid(), members = new[] { "cleo" } });

        await other.Session.HearsAsync("messagePosted", posted => KindOf(posted) == "added");
        (await cleo.ReadsAsync(group)).ShouldContain("while you were away");
        var unread = (await cleo.ListsAsync()).Single(row => row.GetProperty("id").GetString() == group).GetProperty("unread");
        (unread.GetProperty("unread").GetInt64(), unread.GetProperty("mentions").GetInt64()).ShouldBe((1, 1));
        other.Session.Events.Any(heard => heard.Name == "messagePosted" && ConversationOf(heard.Payload) == group && KindOf(heard.Payload) == "text").ShouldBeFalse();
        await ann.SendsAsync(group, "welcome back");
        await other.SeesAsync(group, "welcome back");
    }

    [Fact]
    [Rule("C3")]
    [Rule("T6")]
    public async Task Direct_FoundAndOpened_TheOtherHearsNothingBeforeTheFirstMessage()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var conversation = await ann.FindsAsync("bob");
        await ann.CallsAsync("View", new { conversationIds = new[] { conversation } });
        await ann.CallsAsync("Typing", new { conversationId = conversation, typing = true });
        await ann.CallsAsync("History", new { conversationId = conversation, anchor = "unread" });

        (await bob.ListsAsync()).ShouldBeEmpty();
        (await ann.ListsAsync()).ShouldBeEmpty();
        await ann.SendsAsync(conversation, "now");
        await bob.SeesAsync(conversation, "now");
        bob.Session.Events.Count(heard => heard.Name is not ("welcome" or "presence")).ShouldBe(1);
    }

    [Fact]
    [Rule("M8")]
    [Rule("M10")]
    [Rule("M14")]
    public async Task Changes_OfAMessage_AreHeardByEverybodyAndReadAgainAlike()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var group = await CreatesAsync(ann, "bob");
        await ann.SendsAsync(group, "first");
        await ann.SendsAsync(group, "secret");
        await ann.CallsAsync("Edit", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, version = 1, text = "FIRST <@bob>" });
        await bob.CallsAsync("React", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, emoji = "👍", add = true });
        await ann.CallsAsync("Delete", new { conversationId = group, clientId = Guid.NewGuid(), seq = 3 });

        await bob.Session.HearsAsync("messageDeleted", _ => true);
        var told = bob.Session.Events.Where(heard => ConversationOf(heard.Payload) == group).ToArray();
        told.Select(heard => heard.Name).ShouldBe(["messagePosted", "messagePosted", "messagePosted", "messageEdited", "reactionChanged", "messageDeleted"]);
        told[3].Payload.GetProperty("edited").GetProperty("mentions").GetProperty("users")[0].GetString().ShouldBe("bob");
        told[5].Payload.GetProperty("deleted").GetProperty("lastMessage").GetProperty("text").GetString().ShouldBe("FIRST <@bob>");
        var synced = (await bob.CallsAsync("Sync", new { conversations = new[] { new { id = group, rev = 3 } } })).GetProperty("conversations")[0];
        synced.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("type").GetString()).ShouldBe(["messageEdited", "reactionChanged", "messageDeleted"]);
        synced.GetProperty("changes")[1].GetProperty("reacted").ToString().ShouldBe(told[4].Payload.GetProperty("reacted").ToString());
        var history = await bob.CallsAsync("History", new { conversationId = group, anchor = "latest" });
        history.ToString().ShouldNotContain("secret");
        history.GetProperty("messages")[1].GetProperty("reactions")[0].GetProperty("mine").GetBoolean().ShouldBeTrue();
        var versions = await bob.CallsAsync("Versions", new { conversationId = group, seq = 2 });
        versions.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("text").GetString()).ShouldBe(["first", "FIRST <@bob>"]);
        var refused = await ann.IsRefusedAsync("versionStale", "Edit", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, version = 1, text = "x" });
        refused.GetProperty("error").GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    [Rule("U6")]
    public async Task Post_WithWhatWasSeen_MovesTheCursorThereAndNoFurther()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "one");
        await ann.SendsAsync(conversation, "two");
        await ann.SendsAsync(conversation, "three");

        await bob.CallsAsync("Post", new { conversationId = conversation, clientId = Guid.NewGuid(), text = "to one", lastSeenSeq = 1 });

        var unread = (await bob.ListsAsync()).Single().GetProperty("unread");
        (unread.GetProperty("readSeq").GetInt64(), unread.GetProperty("unread").GetInt64()).ShouldBe((1, 2));
        await bob.SendsAsync(conversation, "without");
        (await bob.ListsAsync()).Single().GetProperty("unread").GetProperty("readSeq").GetInt64().ShouldBe(1);
    }

    [Fact]
    [Rule("M7")]
    public async Task CreateGroup_MoreThanTheRate_IsRefusedWithAPause()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { DefaultLimits = true });
        var ann = await chat.SignsInAsync("ann");
        for (var group = 0; group < 10; group++)
        {
            await ann.CallsAsync("CreateGroup", new { clientId = Guid.NewGuid(), title = $"{group}", members = Array.Empty<string>() });
        }

        var refused = await ann.IsRefusedAsync("rateLimited", "CreateGroup", new { clientId = Guid.NewGuid(), title = "x", members = Array.Empty<string>() });

        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBeInRange(1, 6_000);
        await ann.SendsAsync(ann.With("ann"), "a send has its own rate");
    }

    private static async Task<string> CreatesAsync(Participant creator, params string[] members) =>
        (await creator.CallsAsync("CreateGroup", new { clientId = Guid.NewGuid(), title = "Standup", members })).GetProperty("conversationId").GetString()!;

    private static string? ConversationOf(JsonElement payload) =>
        payload.TryGetProperty("conversationId", out var conversation) ? conversation.GetString() : null;

    private static string? KindOf(HubClient.HubEvent heard) => heard.Name == "messagePosted" ? KindOf(heard.Payload) : heard.Name;

    /// <summary>The fact's kind, or <c>text</c>.</summary>
    private static string? KindOf(JsonElement posted) => posted.GetProperty("message").TryGetProperty("fact", out var fact)
        ? fact.GetProperty("kind").GetString()
        : posted.GetProperty("message").GetProperty("kind").GetString();
}
