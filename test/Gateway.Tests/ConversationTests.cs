using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>People talk to each other through the whole gateway.</summary>
public sealed class ConversationTests(SharedServer server) : IClassFixture<SharedServer>, IAsyncDisposable
{
    private readonly ChatServer _chat = server.ForOneTest();

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("M4")]
    public async Task Post_TwoPeopleTalk_EachSeesEveryMessageOnceInOrder()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var conversation = await ann.FindsAsync("bob");
        List<string> said = [];
        for (var i = 1; i <= 10; i++)
        {
            await ann.SendsAsync(conversation, $"ann {i}");
            await bob.SendsAsync(conversation, $"bob {i}");
            said.AddRange([$"ann {i}", $"bob {i}"]);
        }

        await ann.SeesAsync(conversation, "bob 10");
        await bob.SeesAsync(conversation, "bob 10");

        ann.Seen(conversation).ShouldBe(said);
        bob.Seen(conversation).ShouldBe(said);
        (await bob.ReadsAsync(conversation)).ShouldBe(said);
    }

    [Fact]
    [Rule("M1")]
    public async Task Post_ManyAtOnceFromBothSides_AllSessionsSeeTheSameGapFreeOrder()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");

        var answers = await Task.WhenAll(Enumerable.Range(1, 100)
            .Select(i => (i % 2 == 0 ? ann : bob).SendsAsync(conversation, $"message {i}")));
        await ann.SendsAsync(conversation, "the end");
        await ann.SeesAsync(conversation, "the end");
        await bob.SeesAsync(conversation, "the end");

        answers.Select(answer => answer.GetProperty("seq").GetInt64()).Order().ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        ann.Seen(conversation).Count.ShouldBe(101);
        ann.Seen(conversation).ShouldBe(await ann.ReadsAsync(conversation));
        bob.Seen(conversation).ShouldBe(ann.Seen(conversation));
    }

    [Fact]
    [Rule("U10")]
    public async Task Post_SeveralSessionsOnBothSides_EachHearsItOnce()
    {
        Participant[] sessions =
        [
            await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"),
            await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("bob"),
        ];
        var conversation = sessions[0].With("bob");

        await sessions[0].SendsAsync(conversation, "hi");
        await sessions[0].SendsAsync(conversation, "there");

        foreach (var session in sessions)
        {
            await session.SeesAsync(conversation, "there");
            session.Seen(conversation).ShouldBe(["hi", "there"]);
        }
    }

    [Fact]
    [Rule("S1")]
    public async Task Post_InAGroup_ReachesItsMembersAndNobodyElse()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var eve = await _chat.SignsInAsync("eve");
        var group = await _chat.HasGroupAsync("Standup", "ann", "bob");

        await ann.SendsAsync(group, "good morning");
        await bob.SeesAsync(group, "good morning");

        // Whatever eve was to hear of the group would have been queued before this.
        await ann.SendsAsync(ann.With("eve"), "hello");
        await eve.SeesAsync(ann.With("eve"), "hello");
        eve.Seen(group).ShouldBeEmpty();
        (await eve.ListsAsync()).ShouldNotContain(row => row.GetProperty("id").GetString() == group);
    }

    [Fact]
    [Rule("S1")]
    [Rule("R3")]
    public async Task Post_SameIdsInAnotherTenant_NeverMeet()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var otherAnn = await _chat.SignsInAsync("ann", "globex");
        var otherBob = await _chat.SignsInAsync("bob", "globex");
        var conversation = ann.With("bob");

        await ann.SendsAsync(conversation, "ours");
        await otherAnn.SendsAsync(conversation, "theirs");
        await bob.SeesAsync(conversation, "ours");
        await otherBob.SeesAsync(conversation, "theirs");

        bob.Seen(conversation).ShouldBe(["ours"]);
        otherBob.Seen(conversation).ShouldBe(["theirs"]);
        (await otherBob.ReadsAsync(conversation)).ShouldBe(["theirs"]);
    }

    [Fact]
    [Rule("C2")]
    [Rule("C3")]
    public async Task Direct_OpenedButNothingWritten_PeerLearnsNothing()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");

        var conversation = await ann.FindsAsync("bob");
        (await ann.ReadsAsync(conversation)).ShouldBeEmpty();
        (await bob.ListsAsync()).ShouldBeEmpty();
        bob.Session.Events.ShouldHaveSingleItem().Name.ShouldBe("welcome");

        await ann.SendsAsync(conversation, "hi");
        await bob.SeesAsync(conversation, "hi");
        var row = (await bob.ListsAsync()).ShouldHaveSingleItem();
        row.GetProperty("id").GetString().ShouldBe(conversation);
        row.GetProperty("peer").GetProperty("userId").GetString().ShouldBe("ann");
        row.GetProperty("unread").GetProperty("unread").GetInt64().ShouldBe(1);
    }

    [Fact]
    [Rule("C1")]
    public async Task Direct_OpenedFromBothSidesAtOnce_IsOneConversation()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var fromAnn = await ann.FindsAsync("bob");
        var fromBob = await bob.FindsAsync("ann");

        var seqs = await Task.WhenAll(ann.SendsAsync(fromAnn, "hi bob"), bob.SendsAsync(fromBob, "hi ann"));

        fromAnn.ShouldBe(fromBob);
        seqs.Select(answer => answer.GetProperty("seq").GetInt64()).Order().ShouldBe([1L, 2L]);
        (await ann.ListsAsync()).ShouldHaveSingleItem();
        (await bob.ListsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    [Rule("C1")]
    public async Task Direct_WithOneself_Works()
    {
        var ann = await _chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("ann"), "remember the milk");
        await ann.SeesAsync(ann.With("ann"), "remember the milk");
        (await ann.ListsAsync()).Single().GetProperty("unread").GetProperty("unread").GetInt64().ShouldBe(0);
    }

    [Fact]
    [Rule("M3")]
    public async Task Post_RepeatedWithTheSameClientId_IsStoredOnceAndAnsweredAlike()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        var clientId = Guid.NewGuid();

        var first = await ann.SendsAsync(conversation, "once", clientId);
        var again = await ann.SendsAsync(conversation, "once", clientId);
        await ann.SendsAsync(conversation, "the end");
        await bob.SeesAsync(conversation, "the end");

        first.GetProperty("duplicate").GetBoolean().ShouldBeFalse();
        again.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        foreach (var field in (string[])["seq", "rev", "time"])
        {
            again.GetProperty(field).ToString().ShouldBe(first.GetProperty(field).ToString(), field);
        }

        bob.Seen(conversation).ShouldBe(["once", "the end"]);
    }

    [Fact]
    [Rule("M3")]
    public async Task Post_SameClientIdOtherContent_IsRefused()
    {
        var ann = await _chat.SignsInAsync("ann");
        await _chat.SignsInAsync("bob");
        var clientId = Guid.NewGuid();
        await ann.SendsAsync(ann.With("bob"), "once", clientId);
        Participant.CodeOf(await ann.PostsAsync(ann.With("bob"), "twice", clientId)).ShouldBe("clientIdReused");
    }

    [Fact]
    [Rule("M12")]
    public async Task Connect_WhileOthersPost_ListAndEventsTogetherMissNothing()
    {
        var ann = await _chat.SignsInAsync("ann");
        var conversation = ann.With("bob");
        await using (var first = await _chat.SignsInAsync("bob"))
        {
            await ann.SendsAsync(conversation, "1");
        }

        var posting = Task.Run(async () =>
        {
            for (var i = 2; i <= 300; i++)
            {
                await ann.SendsAsync(conversation, $"{i}");
            }
        }, TestContext.Current.CancellationToken);
        while (!posting.IsCompleted)
        {
            await using var bob = await _chat.SignsInAsync("bob");
            var synced = await bob.CallsAsync("Sync", new { conversations = new[] { new { id = conversation, rev = 0 } } });
            var head = synced.GetProperty("conversations")[0].GetProperty("conversation").GetProperty("head").GetProperty("seq").GetInt64();
            // Everything after what was read comes as an event, without a hole.
            if (head < 290)
            {
                await bob.SeesAsync(conversation, $"{head + 1}");
                await bob.SeesAsync(conversation, $"{head + 5}");
                bob.Seen(conversation).SkipWhile(text => text != $"{head + 1}").Take(5)
                    .ShouldBe(Enumerable.Range(1, 5).Select(i => $"{head + i}"));
            }
        }

        await posting;
    }

    [Fact]
    [Rule("U5")]
    [Rule("U10")]
    public async Task MarkRead_OnOneDevice_TheOthersHearIt()
    {
        var ann = await _chat.SignsInAsync("ann");
        var desk = await _chat.SignsInAsync("bob");
        var phone = await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "one");
        await ann.SendsAsync(conversation, "two");

        var marked = await desk.CallsAsync("MarkRead", new { conversationId = conversation, upToSeq = 1 });

        var moved = await phone.HearsAsync("readCursorMoved");
        moved.GetProperty("conversationId").GetString().ShouldBe(conversation);
        moved.GetProperty("unread").ToString().ShouldBe(marked.GetProperty("unread").ToString());
        moved.GetProperty("unread").GetProperty("readSeq").GetInt64().ShouldBe(1);
        moved.GetProperty("unread").GetProperty("unread").GetInt64().ShouldBe(1);
        ann.Session.Events.ShouldNotContain(heard => heard.Name == "readCursorMoved");
    }

    [Fact]
    [Rule("U5")]
    public async Task MarkRead_LowerOrBeyondTheHead_NeverGoesDownNorTooFar()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "one");
        await ann.SendsAsync(conversation, "two");

        long[] asked = [long.MaxValue, 0, 1];
        foreach (var upToSeq in asked)
        {
            var unread = (await bob.CallsAsync("MarkRead", new { conversationId = conversation, upToSeq })).GetProperty("unread");
            unread.GetProperty("readSeq").GetInt64().ShouldBe(2);
            unread.GetProperty("unread").GetInt64().ShouldBe(0);
        }
    }

    [Fact]
    [Rule("M11")]
    public async Task History_EveryAnchor_GivesPagesWithoutAHole()
    {
        var ann = await _chat.SignsInAsync("ann");
        await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        for (var i = 1; i <= 20; i++)
        {
            await ann.SendsAsync(conversation, $"{i}");
        }

        (await SeqsAsync("latest", null, 3)).ShouldBe([18, 19, 20]);
        (await SeqsAsync("before", 4, 50)).ShouldBe([1, 2, 3]);
        (await SeqsAsync("before", 10, 2)).ShouldBe([8, 9]);
        (await SeqsAsync("after", 17, 2)).ShouldBe([18, 19]);
        (await SeqsAsync("after", 20, 50)).ShouldBeEmpty();
        (await SeqsAsync("around", 10, 5)).ShouldContain(10);
        (await SeqsAsync("around", long.MaxValue, 5)).Length.ShouldBeLessThanOrEqualTo(5);

        async Task<int[]> SeqsAsync(string anchor, long? seq, int limit)
        {
            var page = await ann.CallsAsync("History", new { conversationId = conversation, anchor, seq, limit });
            return [.. page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("seq").GetInt32())];
        }
    }

    [Fact]
    [Rule("M11")]
    public async Task History_Unread_BeginsBeforeTheFirstUnreadOne()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await Task.WhenAll(Enumerable.Range(1, 160).Select(i => ann.SendsAsync(conversation, $"{i}")));

        await bob.CallsAsync("MarkRead", new { conversationId = conversation, upToSeq = 100 });
        var page = await bob.CallsAsync("History", new { conversationId = conversation, anchor = "unread" });
        page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("seq").GetInt32())
            .ShouldBe(Enumerable.Range(76, 75));
        page.GetProperty("readSeq").GetInt32().ShouldBe(100);
    }
}
