using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

public sealed class UnreadGrainTests
{
    [Theory]
    [EveryStore]
    [Rule("L1")]
    [Rule("L2")]
    public async Task ListAsync_MentionsThenUnreadThenTheRest_EachByLastActivity(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (withAnn, withCleo, alone) = (host.Bob.With(host.Ann), host.Bob.With(host.Cleo), host.Bob.With(host.Bob));
        var (oldGroup, newGroup) = (await ChatHost.GroupAsync(host.Ann, host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        foreach (var (author, conversation) in new[]
        {
            (host.Ann, withAnn), (host.Bob, alone), (host.Cleo, withCleo), (host.Ann, oldGroup), (host.Ann, newGroup),
        })
        {
            host.Time.Advance(TimeSpan.FromMinutes(1));
            (await author.PostsAsync(conversation, "hi")).Refusal.ShouldBeNull();
        }

        (await host.Bob.ListsAsync()).Select(row => row.ConversationId).ShouldBe([withCleo, withAnn, newGroup, oldGroup, alone]);

        await host.Bob.MarksReadAsync(withCleo, 1);
        await host.Bob.MarksReadAsync(newGroup, 2);
        var rows = await host.Bob.ListsAsync();
        rows.Select(row => row.ConversationId).ShouldBe([withAnn, oldGroup, newGroup, withCleo, alone]);
        rows.Select(row => (row.Basis.Unread, row.Basis.Mentions)).ShouldBe([(1, 1), (1, 0), (0, 0), (0, 0), (0, 0)]);

        var walked = new List<ConversationId>();
        InboxPosition? position = null;
        do
        {
            var page = await host.Bob.ListsPageAsync(2, position);
            walked.AddRange(page.Rows.Select(row => row.ConversationId));
            position = page.Next;
        }
        while (position is not null && walked.Count <= rows.Length);

        walked.ShouldBe(rows.Select(row => row.ConversationId));
    }

    [Theory]
    [EveryStore]
    [Rule("U1")]
    [Rule("U5")]
    public async Task MarkReadAsync_UpDownAndBeyond_IsMonotonicAndNeverBeyondTheHead(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 10);

        var seven = (await host.Bob.MarksReadAsync(conversation, 7)).ShouldNotBeNull();
        (seven.ReadSeq, seven.Unread, seven.Mentions, seven.Rev).ShouldBe((7, 3, 3, 10));
        (await host.Bob.MarksReadAsync(conversation, 3)).ShouldBe(seven);
        var all = (await host.Bob.MarksReadAsync(conversation, 1_000_000)).ShouldNotBeNull();
        (all.ReadSeq, all.Unread).ShouldBe((10, 0));
        all.ReadVersion.ShouldBeGreaterThan(seven.ReadVersion);

        await host.Ann.PostsAsync(conversation, "eleven");
        (await host.Bob.CountsAsync(conversation))!.Unread.ShouldBe(1, "the mark does not reach into the future");
        (await host.Ann.CountsAsync(conversation))!.ReadSeq.ShouldBe(0, "a cursor is its owner's");
        host.Events.Signals.OfType<ReadCursorMoved>().Last(moved => moved.UserId == host.Bob.Id).Basis.ShouldBe(all);
    }

    [Fact]
    [Rule("U5")]
    public async Task MarkReadAsync_ManyAtOnce_TheHighestStays()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 50);

        await Task.WhenAll(Enumerable.Range(1, 50).Reverse().Select(seq => host.Bob.MarksReadAsync(conversation, seq)));

        (await host.Bob.CountsAsync(conversation))!.ShouldSatisfyAllConditions(
            basis => basis.ReadSeq.ShouldBe(50),
            basis => basis.Unread.ShouldBe(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rule("U10")]
    public async Task MarkReadAsync_TheSignalFails_IsAnsweredAllTheSame(bool atOnce)
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "hi");
        (host.Events.Fails, host.Events.ThrowsAtOnce) = (true, atOnce);

        (await host.Bob.MarksReadAsync(conversation, 1))!.Unread.ShouldBe(0);
    }

    [Theory]
    [EveryStore]
    [Rule("R3")]
    public async Task AnyCall_StrangerOrOtherTenant_LearnsNothing(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "secret");

        foreach (var stranger in new[] { host.Cleo, host.Foreigner("bob"), host.Foreigner("ann") })
        {
            (await stranger.ListsAsync()).ShouldBeEmpty();
            (await stranger.CountsAsync(conversation)).ShouldBeNull();
            (await stranger.MarksReadAsync(conversation, 1)).ShouldBeNull();
            var synced = (await stranger.SyncsAsync((conversation, 0))).ShouldHaveSingleItem();
            synced.Row.ShouldBeNull();
            synced.Changes.ShouldBeEmpty();
        }

        (await host.Bob.CountsAsync(conversation))!.Unread.ShouldBe(1);
        host.Events.Signals.ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("M12")]
    public async Task SyncAsync_BehindLevelAheadAndGone_EachHasItsAnswerInTheOrderAsked(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (behind, level, far) = (host.Ann.With(host.Bob), host.Bob.With(host.Cleo), host.Bob.With(host.Bob));
        await host.Ann.PostsManyAsync(behind, 5);
        await host.Cleo.PostsManyAsync(level, 3);
        await host.Bob.PostsManyAsync(far, 201);
        var missing = ConversationId.Of(Guid.NewGuid());

        var synced = await host.Bob.SyncsAsync((behind, 2), (level, 3), (far, 0), (missing, 0), (behind, 9), (far, 1));

        synced.Select(answer => answer.ConversationId).ShouldBe([behind, level, far, missing, behind, far]);
        synced.Select(answer => (answer.Row is null, answer.Reset, answer.Changes.Length))
            .ShouldBe([(false, false, 3), (false, false, 0), (false, true, 0), (true, false, 0), (false, true, 0), (false, false, 200)]);
        synced[0].Changes.Select(change => change.Rev).ShouldBe([3, 4, 5]);
        synced[0].Row!.Head.Rev.ShouldBe(5);
        synced[0].Row!.Basis.Unread.ShouldBe(5);
    }

    [Theory]
    [EveryStore]
    [Rule("M12")]
    public async Task SyncAsync_ManyBehind_AsksTheLogOnce(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var groups = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ChatHost.GroupAsync(host.Ann, host.Bob)));
        var before = host.Log.ChangesReads;

        var synced = await host.Bob.SyncsAsync([.. groups.Select(group => (group, 0L))]);

        synced.ShouldAllBe(answer => answer.Row != null && answer.Changes.Length == 1);
        (host.Log.ChangesReads - before).ShouldBe(1);
    }
}
