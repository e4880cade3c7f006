using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Reading a conversation of 500 messages.</summary>
public sealed class HistoryTests
{
    [Theory]
    [EveryStore]
    [Rule("M11")]
    public async Task HistoryAsync_FiveHundredMessages_EachAnchorIsItsPage(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 500);
        await host.Bob.MarksReadAsync(conversation, 300);

        await ShouldBeAsync(HistoryAnchor.Latest, 0, 50, 451, 500);
        await ShouldBeAsync(HistoryAnchor.Latest, 0, 200, 301, 500);
        await ShouldBeAsync(HistoryAnchor.Before, 451, 50, 401, 450);
        await ShouldBeAsync(HistoryAnchor.Before, 30, 50, 1, 29);
        await ShouldBeAsync(HistoryAnchor.Before, 1, 50, 1, 0);
        await ShouldBeAsync(HistoryAnchor.Before, 10_000, 50, 1, 0);
        await ShouldBeAsync(HistoryAnchor.After, 450, 50, 451, 500);
        await ShouldBeAsync(HistoryAnchor.After, 480, 50, 481, 500);
        await ShouldBeAsync(HistoryAnchor.After, 500, 50, 501, 500);
        await ShouldBeAsync(HistoryAnchor.Around, 250, 50, 225, 274);
        await ShouldBeAsync(HistoryAnchor.Around, 500, 50, 475, 500);
        await ShouldBeAsync(HistoryAnchor.Unread, 0, 75, 276, 350);
        await host.Bob.MarksReadAsync(conversation, 499);
        await ShouldBeAsync(HistoryAnchor.Unread, 0, 75, 426, 500);
        await host.Bob.MarksReadAsync(conversation, 500);
        await ShouldBeAsync(HistoryAnchor.Unread, 0, 75, 426, 500);

        async Task ShouldBeAsync(HistoryAnchor anchor, long seq, int limit, long first, long last)
        {
            var page = await host.Bob.ReadsAsync(conversation, anchor, seq, limit);
            page.Found.ShouldBeTrue();
            page.Head.ShouldBe(new Head { Rev = 500, Seq = 500 });
            page.Messages.Select(message => message.Seq)
                .ShouldBe(Enumerable.Range((int)first, (int)Math.Max(0, last - first + 1)).Select(number => (long)number), $"{anchor} {seq} {limit}");
        }
    }

    [Theory]
    [EveryStore]
    [Rule("M11")]
    public async Task HistoryAsync_WalkedBothWays_IsEveryMessageOnce(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 130);
        var stored = await host.StoredAsync(conversation);
        var back = new List<Message>();
        for (var page = await host.Bob.ReadsAsync(conversation, limit: 50); page.Messages.Length > 0;
            page = await host.Bob.ReadsAsync(conversation, HistoryAnchor.Before, back[0].Seq, 50))
        {
            back.InsertRange(0, page.Messages);
        }

        var forth = new List<Message>();
        for (var page = await host.Bob.ReadsAsync(conversation, HistoryAnchor.After, 0, 50); page.Messages.Length > 0;
            page = await host.Bob.ReadsAsync(conversation, HistoryAnchor.After, forth[^1].Seq, 50))
        {
            forth.AddRange(page.Messages);
        }

        back.ShouldBe(stored);
        forth.ShouldBe(stored);
    }

    [Fact]
    [Rule("M11")]
    public async Task HistoryAsync_MessagesComeWhileItIsRead_TheLatestPageEndsAtItsHead()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 60);
        host.Log.BeforeReadMessages = () => host.Ann.PostsManyAsync(conversation, 10);

        var page = await host.Bob.ReadsAsync(conversation, limit: 50);

        page.Head.Seq.ShouldBe(70);
        page.Messages.Length.ShouldBe(50);
        page.Messages[^1].Seq.ShouldBe(70);
    }

    [Theory]
    [EveryStore]
    [Rule("M12")]
    public async Task ChangesAsync_BehindUpToAPageOrMore_IsEveryChangeOrAReset(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 250);
        var stored = await host.StoredAsync(conversation);

        var page = await host.Bob.CatchesUpAsync(conversation, 50);
        (page.Found, page.Reset, page.Head.Rev).ShouldBe((true, false, 250));
        page.Changes.Select(change => change.Posted).ShouldBe(stored.Skip(50));
        page.Changes.Select(change => change.Rev).ShouldBe(Enumerable.Range(51, 200).Select(rev => (long)rev));

        page = await host.Bob.CatchesUpAsync(conversation, 49);
        (page.Found, page.Reset).ShouldBe((true, true));
        page.Changes.ShouldBeEmpty();

        page = await host.Bob.CatchesUpAsync(conversation, 250);
        (page.Found, page.Reset).ShouldBe((true, false));
        page.Changes.ShouldBeEmpty();

        (await host.Bob.CatchesUpAsync(conversation, 251)).Reset.ShouldBeTrue("the client is ahead of the log");
    }

    [Theory]
    [EveryStore]
    public async Task AppendedSinceAsync_ForAGateway_IsWhatTheLogHas(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Bob.PostsAsync(group, "hi");
        var cancellation = TestContext.Current.CancellationToken;

        var appended = (await host.Conversation(group).AppendedSinceAsync(0, cancellation)).ShouldNotBeNull();
        appended.MembersRev.ShouldBe(1);
        appended.Changes.Select(change => change.Posted).ShouldBe(await host.StoredAsync(group), new MessageContent());
        (await host.Conversation(group).AppendedSinceAsync(2, cancellation)).ShouldBeNull();
        (await host.Conversation(group).AppendedSinceAsync(9, cancellation)).ShouldBeNull();
        (await host.Conversation(ConversationId.Of(Guid.NewGuid())).AppendedSinceAsync(0, cancellation)).ShouldBeNull();
        (await host.Conversation(group).MembersAsync(cancellation)).Members.ShouldBe([host.Ann.Id, host.Bob.Id], ignoreOrder: true);
        (await host.Conversation(host.Ann.With(host.Bob)).MembersAsync(cancellation)).Members.ShouldBeEmpty();
    }
}
