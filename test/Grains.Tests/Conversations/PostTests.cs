using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Posting with a log that works.</summary>
public sealed class PostTests
{
    [Theory]
    [EveryStore]
    [Rule("C1")]
    public async Task PostAsync_TwoHundredFirstPostsFromBothSides_AreOneConversationWithoutGap(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        host.Bob.With(host.Ann).ShouldBe(conversation);

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            (number % 2 == 0 ? host.Ann : host.Bob).PostsAsync(conversation, $"text {number}")));

        results.Select(result => result.Refusal).ShouldAllBe(refusal => refusal == null);
        results.Select(result => result.Seq).Order().ShouldBe(Enumerable.Range(1, 200).Select(seq => (long)seq));
        var stored = await host.StoredAsync(conversation);
        results.Select((result, number) => (result.Seq, Text: $"text {number}")).OrderBy(post => post.Seq).Select(post => post.Text)
            .ShouldBe(stored.Select(message => message.Text));
        (await host.Ann.ListsAsync()).Length.ShouldBe(1);
        (await host.Bob.ListsAsync()).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("C2")]
    [Rule("C3")]
    public async Task HistoryAsync_NobodyHasPosted_IsEmptyAndNothingIsWrittenOrTold(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);

        var page = await host.Ann.ReadsAsync(conversation);

        page.Found.ShouldBeTrue();
        page.Messages.ShouldBeEmpty();
        (await host.Store.Log.ReadConversationAsync(host.Tenant, conversation, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await host.Ann.ListsAsync()).ShouldBeEmpty();
        (await host.Bob.ListsAsync()).ShouldBeEmpty();
        host.Events.Appended.ShouldBeEmpty();
        host.Events.Signals.ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("C2")]
    [Rule("M4")]
    public async Task PostAsync_First_CreatesConversationAndMessageInOneCommitForBoth(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);

        var result = await host.Ann.PostsAsync(conversation, "hi Bob");

        result.ShouldSatisfyAllConditions(
            post => post.Refusal.ShouldBeNull(),
            post => post.Seq.ShouldBe(1),
            post => post.Rev.ShouldBe(1),
            post => post.Duplicate.ShouldBeFalse());
        host.Log.Appends.Count.ShouldBe(1);
        var row = (await host.Bob.ListsAsync()).ShouldHaveSingleItem();
        row.ConversationId.ShouldBe(conversation);
        row.PeerId.ShouldBe(host.Ann.Id);
        row.LastMessage!.Text.ShouldBe("hi Bob");
        row.Basis.Unread.ShouldBe(1);
        row.Basis.Mentions.ShouldBe(1);
        (await host.Ann.ListsAsync()).ShouldHaveSingleItem().Basis.Unread.ShouldBe(0);
        await host.Events.HearsAsync(conversation, 1);
        var appended = host.Events.Appended.ShouldHaveSingleItem();
        appended.Changes.ShouldHaveSingleItem().Posted!.ShouldBe((await host.StoredAsync(conversation))[0]);
        appended.TenantId.ShouldBe(host.Tenant);
    }

    [Theory]
    [EveryStore]
    [Rule("M4")]
    public async Task PostAsync_Accepted_AnswersWithTheTimeThatIsStored(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);

        var result = await host.Ann.PostsAsync(conversation, "hi");

        var stored = (await host.StoredAsync(conversation)).ShouldHaveSingleItem();
        result.Time.ShouldBe(stored.Time);
        await host.Events.HearsAsync(conversation, 1);
        host.Events.Appended[0].Changes[0].Posted!.Time.ShouldBe(stored.Time);
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_ToOrFromAnUnknownPerson_IsNotFoundAndWritesNothing(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var nobody = host.Person("nobody");

        (await host.Ann.PostsAsync(host.Ann.With(nobody), "hi")).ShouldBe(new CommandResult { Refusal = CommandRefusal.NotFound });
        (await nobody.PostsAsync(host.Ann.With(nobody), "hi")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await nobody.PostsAsync(nobody.With(nobody), "hi")).Refusal.ShouldBe(CommandRefusal.NotFound);

        host.Log.Appends.ShouldBeEmpty();
        (await host.Ann.ListsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("C1")]
    public async Task PostAsync_ToOneself_IsAConversationWithoutUnread(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var notes = host.Ann.With(host.Ann);

        (await host.Ann.PostsAsync(notes, "buy milk")).Seq.ShouldBe(1);
        (await host.Ann.PostsAsync(notes, "and eggs")).Seq.ShouldBe(2);

        var row = (await host.Ann.ListsAsync()).ShouldHaveSingleItem();
        row.PeerId.ShouldBe(host.Ann.Id);
        row.Basis.Unread.ShouldBe(0);
        (await host.Ann.ReadsAsync(notes)).Messages.Select(message => message.Text).ShouldBe(["buy milk", "and eggs"]);
        (await host.Bob.ReadsAsync(notes)).Found.ShouldBeFalse();
    }

    [Theory]
    [EveryStore]
    [Rule("C1")]
    [Rule("R3")]
    public async Task AnyCall_StrangerOrOtherTenant_IsAnsweredLikeAConversationThatDoesNotExist(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(conversation, "secret");
        var missing = ConversationId.Of(Guid.NewGuid());
        var (nowhere, noPage, noChanges) =
            (await host.Cleo.PostsAsync(missing, "?"), await host.Cleo.ReadsAsync(missing), await host.Cleo.CatchesUpAsync(missing, 0));
        nowhere.ShouldBe(new CommandResult { Refusal = CommandRefusal.NotFound });

        foreach (var (stranger, target) in new[]
        {
            (host.Cleo, conversation), (host.Cleo, group), (host.Foreigner("ann"), conversation), (host.Foreigner("ann"), group),
        })
        {
            (await stranger.PostsAsync(target, "?")).ShouldBe(nowhere);
            (await stranger.ReadsAsync(target)).ShouldBeEquivalentTo(noPage);
            (await stranger.ReadsAsync(target, HistoryAnchor.Unread)).ShouldBeEquivalentTo(noPage);
            (await stranger.CatchesUpAsync(target, 0)).ShouldBeEquivalentTo(noChanges);
        }

        (await host.StoredAsync(conversation)).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task PostAsync_SameClientIdSameContent_ReturnsTheFirstAnswerAsADuplicate(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        var first = await host.Ann.PostsAsync(conversation, "caf\u00E9", clientId);
        host.Time.Advance(TimeSpan.FromSeconds(1));

        (await host.Ann.PostsAsync(conversation, "caf\u00E9", clientId)).ShouldBe(first with { Duplicate = true });
        (await host.Ann.PostsAsync(conversation, "cafe\u0301", clientId)).ShouldBe(first with { Duplicate = true }); // equal in NFC

        (await host.StoredAsync(conversation)).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task PostAsync_SameClientIdOtherContent_IsRefused(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        await host.Ann.PostsAsync(conversation, "hi", clientId);

        (await host.Ann.PostsAsync(conversation, "ho", clientId)).ShouldBe(new CommandResult { Refusal = CommandRefusal.ClientIdReused });
        (await host.Bob.PostsAsync(conversation, "ho", clientId)).Refusal.ShouldBeNull("the id is the author's own");

        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["hi", "ho"]);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task PostAsync_RepeatedAfterTheMemoryIsGone_IsTheSameForEver(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        var first = await host.Ann.PostsAsync(conversation, "hi", clientId);

        await host.CollectAsync();
        (await host.Ann.PostsAsync(conversation, "hi", clientId)).ShouldBe(first with { Duplicate = true });
        await host.CollectAsync();
        (await host.Ann.PostsAsync(conversation, "ho", clientId)).Refusal.ShouldBe(CommandRefusal.ClientIdReused);
        host.Log.HeadReads.ShouldBe(3, "each collection took the memory");
        await host.RestartAsync();
        (await host.Ann.PostsAsync(conversation, "hi", clientId)).ShouldBe(first with { Duplicate = true });

        (await host.StoredAsync(conversation)).Length.ShouldBe(1);
        (await host.Bob.PostsAsync(conversation, "next")).Seq.ShouldBe(2);
    }

    [Fact]
    [Rule("M3")]
    public async Task PostAsync_RepeatedBeyondTheRememberedOnes_IsAnsweredByTheStore()
    {
        await using var host = await ChatHost.StartAsync(configure: options => options.RememberedCommandsMax = 2);
        var conversation = host.Ann.With(host.Bob);
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        var firsts = new List<CommandResult>();
        foreach (var id in ids)
        {
            firsts.Add(await host.Ann.PostsAsync(conversation, "hi", id));
        }

        for (var i = 0; i < ids.Length; i++)
        {
            (await host.Ann.PostsAsync(conversation, "hi", ids[i])).ShouldBe(firsts[i] with { Duplicate = true });
            (await host.Ann.PostsAsync(conversation, "ho", ids[i])).Refusal.ShouldBe(CommandRefusal.ClientIdReused);
        }

        (await host.StoredAsync(conversation)).Length.ShouldBe(5);
    }

    [Fact]
    [Rule("M3")]
    public async Task PostAsync_SameCommandWhileTheFirstIsWritten_WaitsForTheSameAnswer()
    {
        await using var host = await ChatHost.StartAsync();
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        var gate = host.Log.HoldNext();
        var first = host.Ann.PostsAsync(conversation, "hi", clientId);
        await gate.Reached;
        var again = Enumerable.Range(0, 5).Select(_ => host.Ann.PostsAsync(conversation, "hi", clientId)).ToArray();
        var other = host.Ann.PostsAsync(conversation, "ho", clientId);
        gate.Open();

        var answer = await first;
        answer.Duplicate.ShouldBeFalse();
        (await Task.WhenAll(again)).Distinct().ShouldBe([answer with { Duplicate = true }]);
        (await other).Refusal.ShouldBe(CommandRefusal.ClientIdReused);
        (await host.StoredAsync(conversation)).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("M6")]
    public async Task PostAsync_TextAtItsBound_IsStoredWholeAndOneMoreIsRefused(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        var longest = string.Concat(Enumerable.Repeat("\uD83D\uDE00", 10_000));

        (await host.Ann.PostsAsync(conversation, longest)).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(conversation, longest + "x")).Refusal.ShouldBe(CommandRefusal.TextTooLong);
        (await host.Ann.PostsAsync(conversation, " \n ")).Refusal.ShouldBe(CommandRefusal.TextEmpty);
        (await host.Ann.PostsAsync(conversation, "a\0b")).Refusal.ShouldBe(CommandRefusal.TextInvalid);

        (await host.StoredAsync(conversation)).ShouldHaveSingleItem().Text.ShouldBe(longest);
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_OneAuthorInAnExchange_StaysInOrder(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);

        await Task.WhenAll(new[] { host.Ann, host.Bob, host.Cleo }.Select(async author =>
        {
            for (var number = 1; number <= 40; number++)
            {
                (await author.PostsAsync(group, $"{number}")).Refusal.ShouldBeNull();
            }
        }));

        var stored = await host.StoredAsync(group);
        foreach (var texts in stored.Where(message => message.Kind == MessageKind.Text).GroupBy(message => message.AuthorId))
        {
            texts.Select(message => message.Text).ShouldBe(Enumerable.Range(1, 40).Select(number => $"{number}"));
        }
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_ManyWhileOneIsWritten_GoTogetherInOrderOfArrival(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        var gate = host.Log.HoldNext();
        var held = host.Ann.PostsAsync(conversation, "held");
        await gate.Reached;
        var posts = Enumerable.Range(0, 150).Select(number => host.Bob.PostsAsync(conversation, $"{number}")).ToArray();

        // The grain takes calls in order: when it has answered this one, it has taken the posts before it.
        await host.Conversation(conversation).MembersAsync(TestContext.Current.CancellationToken);
        gate.Open();
        await held;
        await Task.WhenAll(posts);

        host.Log.Appends.Select(append => append.Entries.Length).ShouldBe([1, 1, 64, 64, 22]);
        (await host.StoredAsync(conversation)).Skip(2).Select(message => message.Text).ShouldBe(Enumerable.Range(0, 150).Select(number => $"{number}"));
    }

    [Fact]
    public async Task PostAsync_OneMoreThanMayWait_IsRefusedWithAPauseAndTheOthersAreStored()
    {
        await using var host = await ChatHost.StartAsync(configure: options => options.WaitingPostsMax = 10);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        var gate = host.Log.HoldNext();
        var waiting = new List<Task<CommandResult>> { host.Ann.PostsAsync(conversation, "0") };
        await gate.Reached;
        var ids = Enumerable.Range(0, 9).Select(_ => Guid.NewGuid()).ToArray();
        waiting.AddRange(ids.Select(id => host.Ann.PostsAsync(conversation, "more", id)));
        var late = Guid.NewGuid();

        var refused = await host.Bob.PostsAsync(conversation, "one too many", late);
        var repeated = host.Ann.PostsAsync(conversation, "more", ids[0]);
        gate.Open();

        refused.Refusal.ShouldBe(CommandRefusal.Overloaded);
        refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        (await Task.WhenAll(waiting)).ShouldAllBe(result => result.Refusal == null);
        (await repeated).Duplicate.ShouldBeTrue("a repetition takes no place");
        (await host.Bob.PostsAsync(conversation, "one too many", late)).Refusal.ShouldBeNull();
        (await host.StoredAsync(conversation)).Length.ShouldBe(12);
    }
}
