using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Inbox;

/// <summary>What people do with their inboxes, through the grains.</summary>
public sealed class InboxGrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("U8")]
    [Rule("U10")]
    public async Task MarkUnreadAsync_FromAMessage_MovesTheCursorBackOnEveryDevice(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsManyAsync(conversation, 5);
        await host.Bob.MarksReadAsync(conversation, 5);

        var basis = (await host.Bob.MarksUnreadAsync(conversation, 3)).ShouldNotBeNull();

        (basis.ReadSeq, basis.Unread, basis.Mentions).ShouldBe((2, 3, 3));
        host.Events.Signals.OfType<ReadCursorMoved>().Last().ShouldBe(
            new ReadCursorMoved { TenantId = host.Tenant, UserId = host.Bob.Id, ConversationId = conversation, Basis = basis });
        (await host.Cleo.MarksUnreadAsync(conversation, 1)).ShouldBeNull();
    }

    [Theory]
    [EveryStore]
    [Rule("U12")]
    public async Task MarkAllReadAsync_UndoneInTimeAndTooLate_RestoresOnlyInTime(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (direct, group) = (host.Ann.With(host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        await host.Ann.PostsManyAsync(direct, 3);
        await host.Ann.PostsManyAsync(group, 2);
        await host.Bob.MarksReadAsync(direct, 1);

        var marked = await host.Bob.MarksAllReadAsync();
        marked.Conversations.ShouldBe(2);
        var told = host.Events.Signals.OfType<ReadCursorsMoved>().ShouldHaveSingleItem();
        told.Cursors.Select(cursor => (cursor.ConversationId, cursor.Basis.Unread)).ShouldBe([(direct, 0), (group, 0)], ignoreOrder: true);
        (await host.Bob.ListsAsync()).ShouldAllBe(row => row.Basis.Unread == 0);

        host.Time.Advance(MarkAllReadResult.UndoTime);
        (await host.Bob.UndoesAsync(marked.Undo!.Value)).ShouldBe(new UndoMarkAllReadResult { Conversations = 2 });
        (await host.Bob.CountsAsync(direct))!.ReadSeq.ShouldBe(1);
        (await host.Bob.CountsAsync(group))!.Unread.ShouldBe(2);
        host.Events.Signals.OfType<ReadCursorsMoved>().Last().Cursors.Select(cursor => cursor.Basis.Unread).ShouldBe([2, 2]);

        marked = await host.Bob.MarksAllReadAsync();
        host.Time.Advance(MarkAllReadResult.UndoTime + TimeSpan.FromMilliseconds(1));
        (await host.Bob.UndoesAsync(marked.Undo!.Value)).Expired.ShouldBeTrue();
        (await host.Bob.CountsAsync(group))!.Unread.ShouldBe(0);
        (await host.Bob.MarksAllReadAsync()).ShouldBe(new MarkAllReadResult { Conversations = 0 });
        (await host.Bob.UndoesAsync(Guid.NewGuid())).Expired.ShouldBeTrue();
    }

    [Fact]
    [Rule("U12")]
    public async Task MarkAllReadAsync_MoreThanOneSignalTells_TellsToReadAgain()
    {
        await using var host = await ChatHost.StartAsync();
        for (var number = 0; number <= ReadCursorsMoved.CursorsMax; number++)
        {
            await host.Ann.PostsAsync(await ChatHost.GroupAsync(host.Ann, host.Bob), "hi");
        }

        (await host.Bob.MarksAllReadAsync()).Conversations.ShouldBe(ReadCursorsMoved.CursorsMax + 1);
        host.Events.Signals.OfType<ReadCursorsMoved>().ShouldHaveSingleItem().Cursors.ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("N7")]
    [Rule("U11")]
    public async Task SetNotificationsAsync_MuteAndLevel_AreToldAndWideMentionsCountNoMore(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "<!all> before");
        host.Time.Advance(TimeSpan.FromSeconds(1));

        var set = await host.Bob.SetsNotificationsAsync(group, NotificationLevel.Nothing, MuteChange.On);
        (set.Level, set.Basis!.Mentions, set.Basis.MutedUntil).ShouldBe((NotificationLevel.Nothing, 1, null));
        host.Events.Signals.OfType<NotificationsChanged>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            told => told.UserId.ShouldBe(host.Bob.Id),
            told => told.Level.ShouldBe(NotificationLevel.Nothing),
            told => told.Basis.ShouldBe(set.Basis));

        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Ann.PostsAsync(group, "<!all> muted");
        await host.Ann.PostsAsync(group, "<@bob> muted");
        var counts = (await host.Bob.CountsAsync(group))!;
        (counts.Unread, counts.Mentions).ShouldBe((3, 2));
        await host.Bob.SetsNotificationsAsync(group, mute: MuteChange.Off);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Ann.PostsAsync(group, "<!all> after");
        (await host.Bob.CountsAsync(group))!.Mentions.ShouldBe(3);

        (await host.Bob.SetsNotificationsAsync(group, NotificationLevel.Nothing)).Level.ShouldBe(NotificationLevel.Nothing);
        host.Events.Signals.OfType<NotificationsChanged>().Count().ShouldBe(2, "what is so already is not told");
        (await host.Cleo.SetsNotificationsAsync(group, NotificationLevel.All)).Basis.ShouldBeNull();
    }

    [Theory]
    [EveryStore]
    [Rule("N10")]
    public async Task MentionsAsync_EditedDeletedDone_ShowsWhatStands(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "<@bob> one");
        await host.Ann.PostsAsync(group, "two");
        await host.Ann.PostsAsync(group, "<@bob> three");
        await host.Ann.PostsAsync(group, "<!all> four");
        await host.Ann.EditsAsync(group, 3, 1, "<@bob> two");
        await host.Ann.DeletesAsync(group, 4);

        (await host.Bob.MentionsAsync()).Select(row => (row.Message.Text, row.Unread, row.Done)).ShouldBe([("<@bob> two", true, false), ("<@bob> one", true, false)]);
        (await host.Inbox(host.Bob).MarkMentionDoneAsync(host.Bob.Caller, group, 2, true, Cancellation)).ShouldBeTrue();
        host.Events.Signals.OfType<MentionMarked>().ShouldHaveSingleItem().Seq.ShouldBe(2);
        (await host.Bob.MentionsAsync(unreadOnly: true)).Select(row => row.Message.Seq).ShouldBe([3]);
        await host.Ann.RemovesAsync(group, host.Bob); // No permission of hers is in the way; he is gone, and his mentions with him.
        (await host.Bob.MentionsAsync()).ShouldBeEmpty();
        (await host.Inbox(host.Bob).MarkMentionDoneAsync(host.Bob.Caller, group, 3, true, Cancellation)).ShouldBeFalse();
        (await host.Ann.MentionsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("C5")]
    [Rule("L4")]
    public async Task FindConversationsAsync_NamesPresentAndFormer_BestFirst(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (cafe, team, lunch) = (Group(), Group(), Group());
        await host.Ann.CreatesAsync(cafe, "Café Bobo", [host.Ann]);
        await host.Ann.CreatesAsync(team, "bo", [host.Ann]);
        await host.Ann.CreatesAsync(lunch, "Lunch bunch", [host.Ann]);
        await host.Ann.RenamesAsync(lunch, "Dinner");
        var withBob = host.Ann.With(host.Bob);
        await host.Bob.PostsAsync(withBob, "hi");

        (await host.Ann.FindsAsync("BO")).Select(found => found.Row.ConversationId).ShouldBe([team, withBob, cafe]);
        (await host.Ann.FindsAsync("bo", 1)).ShouldHaveSingleItem().Row.ConversationId.ShouldBe(team);
        (await host.Ann.FindsAsync("cafe")).ShouldHaveSingleItem().Row.ConversationId.ShouldBe(cafe);
        var former = (await host.Ann.FindsAsync("BÚNCH")).ShouldHaveSingleItem();
        (former.Row.Title, former.FormerTitle).ShouldBe(("Dinner", "Lunch bunch"));
        (await host.Ann.FindsAsync("dinner")).ShouldHaveSingleItem().FormerTitle.ShouldBeNull();
        (await host.Ann.FindsAsync("")).Select(found => found.Row.ConversationId).ShouldBe([withBob, cafe, team, lunch], ignoreOrder: true);
        (await host.Bob.FindsAsync("dinner")).ShouldBeEmpty();
        (await host.Ann.FindsAsync("b\ud800o")).ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("L4")]
    public async Task FindConversationsAsync_EquallyGood_UnreadThenLastActive(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var groups = new[] { Group(), Group(), Group(), Group() };
        foreach (var (group, number) in groups.Select((group, number) => (group, number)))
        {
            await host.Ann.CreatesAsync(group, $"Team {number}", [host.Ann, host.Bob]);
            host.Time.Advance(TimeSpan.FromMinutes(1));
            await host.Ann.PostsAsync(group, "hi");
        }

        await host.Bob.MarksReadAsync(groups[2], 2);
        await host.Bob.MarksReadAsync(groups[3], 2);

        (await host.Bob.FindsAsync("team")).Select(found => found.Row.ConversationId).ShouldBe([groups[1], groups[0], groups[3], groups[2]]);
    }

    [Theory]
    [EveryStore]
    [Rule("C5")]
    [Rule("L1")]
    public async Task ListAsync_Filtered_ByParticipantTitleAndFormerTitleInTheListsOrder(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (withCleo, old, other) = (Group(), Group(), Group());
        await host.Ann.CreatesAsync(withCleo, "Standup", [host.Ann, host.Bob, host.Cleo]);
        await host.Ann.CreatesAsync(old, "Cleopatra", [host.Ann, host.Bob]);
        await host.Ann.RenamesAsync(old, "Caesar");
        await host.Ann.CreatesAsync(other, "Other", [host.Ann, host.Bob]);
        var direct = host.Bob.With(host.Cleo);
        await host.Bob.PostsAsync(direct, "hi");
        await host.Ann.PostsAsync(old, "unread");

        (await host.Bob.FiltersAsync("CLÉO")).ShouldBe((await host.Bob.ListsAsync()).Select(row => row.ConversationId).Where(id => id != other));
        (await host.Bob.FiltersAsync("cook")).ShouldBe([direct, withCleo], ignoreOrder: true);
        (await host.Bob.FiltersAsync("caes")).ShouldBe([old]);
        (await host.Bob.FiltersAsync("bob")).ShouldBeEmpty("one's own name is in every conversation and finds none");
        (await host.Bob.FiltersAsync("nobody")).ShouldBeEmpty();
        (await host.Bob.FiltersAsync("b\ud800o")).ShouldBeEmpty();
    }

    [Theory]
    [EveryStore]
    [Rule("N1")]
    [Rule("N2")]
    public async Task FindMentionableAsync_Members_InTheOrderOfTheRule(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await host.Store.Directory.AddPeopleAsync(
            host.Tenant,
            [.. new[] { ("cid", "Cid Ångström"), ("dora", "Dora Cook"), ("eve", "Eve Acorn"), ("out", "Cara Outside") }
                .Select(person => new Person { UserId = UserId.Of(person.Item1), Name = person.Item2, Role = Role.Agent })],
            Cancellation);
        var group = Group();
        await host.Ann.CreatesAsync(group, "All", [host.Ann, host.Bob, host.Cleo, host.Person("cid"), host.Person("dora"), host.Person("eve")]);
        await host.Person("eve").PostsAsync(group, "hi");
        await host.Person("dora").PostsAsync(group, "hi");
        await host.Ann.PostsAsync(host.Ann.With(host.Person("cid")), "hi");

        (await NamesAsync("c")).ShouldBe(["dora", "cid", "cleo", "eve", "ann"], "prefixes of words, the last writer first; then inner; oneself last");
        (await NamesAsync("angs")).ShouldBe(["cid"]);
        (await NamesAsync("")).ShouldBe(["dora", "eve", "cid", "bob", "cleo", "ann"]);
        (await NamesAsync("", 2)).ShouldBe(["dora", "eve"]);
        (await NamesAsync("outside")).ShouldBeEmpty();
        (await host.Person("out").FindsMentionableAsync(group, "c")).Found.ShouldBeFalse();

        async Task<IEnumerable<string>> NamesAsync(string text, int limit = 8) =>
            (await host.Ann.FindsMentionableAsync(group, text, limit)).People.Select(person => person.UserId.Value);
    }

    [Theory]
    [EveryStore]
    [Rule("N12")]
    public async Task WhyNotifiedAsync_EditedOrDeletedSince_SaysWhatWasSoThen(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        foreach (var text in (string[])["<@bob>", "<@bob>", "plain", "plain", "<!all>", "<@bob>"])
        {
            await host.Ann.PostsAsync(group, text);
        }

        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.Ann.EditsAsync(group, 2, 1, "not him");
        await host.Ann.DeletesAsync(group, 3);
        await host.Ann.EditsAsync(group, 4, 1, "<@bob> after all");
        await host.Bob.SetsNotificationsAsync(group, NotificationLevel.Nothing);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.Ann.EditsAsync(group, 4, 2, "neither");
        await host.Ann.EditsAsync(group, 5, 1, "<!all>");
        await host.Ann.EditsAsync(group, 6, 1, "nobody");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Bob.SetsNotificationsAsync(group, NotificationLevel.All);
        await host.Conversation(group).PurgeAsync(1, Cancellation);

        (await WhyAsync(2)).ShouldBe((true, NotificationReason.Mention), "the mention was edited away");
        (await WhyAsync(3)).ShouldBe((true, NotificationReason.Mention), "it was deleted");
        (await WhyAsync(4)).ShouldBe((true, NotificationReason.Mention), "an edit mentioned him, for a minute");
        (await WhyAsync(5)).ShouldBe((false, NotificationReason.LevelNothing), "the wide mention came when nothing notified him");
        (await WhyAsync(6)).ShouldBe((true, NotificationReason.WideMention));

        host.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await host.Conversation(group).PurgeAsync(1, Cancellation);
        (await WhyAsync(7)).ShouldBe((true, NotificationReason.Mention), "its texts are gone for good, whom it mentioned is not");

        async Task<(bool, NotificationReason?)> WhyAsync(long seq)
        {
            var why = await host.Bob.AsksWhyAsync(group, seq);
            return (why.Notified, why.Reason);
        }
    }

    [Theory]
    [EveryStore]
    [Rule("N12")]
    public async Task WhyNotifiedAsync_SettingsOfThen_AreExplainedForSevenDays(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "plain");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Bob.SetsNotificationsAsync(group, NotificationLevel.All);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Ann.PostsAsync(group, "all");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Bob.SetsNotificationsAsync(group, NotificationLevel.Nothing, MuteChange.On);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Ann.PostsAsync(group, "<@bob>");
        await host.Inbox(host.Bob).ReportNotificationsAsync(
            host.Bob.Caller,
            "phone",
            [
                new NotificationReport { ConversationId = group, Seq = 4, Outcome = NotificationOutcome.Shown, At = host.Time.GetUtcNow().AddYears(1) },
                new NotificationReport { ConversationId = group, Seq = 4, Outcome = NotificationOutcome.Closed, At = host.Time.GetUtcNow().AddYears(-1) },
            ],
            Cancellation);

        (await WhyAsync(2)).ShouldBe((false, NotificationReason.LevelMentions));
        (await WhyAsync(3)).ShouldBe((true, NotificationReason.LevelAll));
        (await WhyAsync(4)).ShouldBe((true, NotificationReason.Mention));
        (await host.Bob.AsksWhyAsync(group, 4)).Devices.Select(device => (device.Outcome, device.At)).ShouldBe(
            [(NotificationOutcome.Closed, MessageTime(-7)), (NotificationOutcome.Shown, MessageTime(0))], "a wrong clock is bounded by the server's");
        (await host.Bob.AsksWhyAsync(group, 5)).Reason.ShouldBeNull();
        (await host.Cleo.AsksWhyAsync(group, 2)).ShouldSatisfyAllConditions(why => why.Reason.ShouldBeNull(), why => why.TooOld.ShouldBeFalse());

        host.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await host.Bob.AsksWhyAsync(group, 3)).TooOld.ShouldBeTrue();
        (await host.Bob.AsksWhyAsync(group, 4)).Reason.ShouldBe(NotificationReason.Mention);

        async Task<(bool, NotificationReason?)> WhyAsync(long seq)
        {
            var why = await host.Bob.AsksWhyAsync(group, seq);
            return (why.Notified, why.Reason);
        }

        DateTimeOffset MessageTime(int days)
        {
            var now = host.Time.GetUtcNow();
            return new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero).AddDays(days);
        }
    }

    [Theory]
    [EveryStore]
    [Rule("N6")]
    public async Task NotifyNowAsync_MentionedInDnd_OncePerHour(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Bob);
        await gateway.BeatsAsync(host.Cleo);
        await host.Presence(host.Bob).SetStatusAsync(new SetStatus { Caller = host.Bob.Caller, Status = ManualStatus.Dnd }, Cancellation);
        await host.Ann.PostsAsync(group, "<@bob> <@cleo> please");

        (await NotifyAsync(host.Ann)).Notified.ShouldBe([host.Bob.Id], "who can be disturbed was");
        host.Events.Signals.OfType<NotifyNow>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            told => told.Users.ShouldBe([host.Bob.Id]),
            told => (told.Seq, told.AuthorId).ShouldBe((2, host.Ann.Id)));
        (await NotifyAsync(host.Ann)).ShouldSatisfyAllConditions(
            again => again.Notified.ShouldBeEmpty(),
            again => again.TooSoon.ShouldBe([host.Bob.Id]));
        (await NotifyAsync(host.Bob)).Refusal.ShouldBe(NotifyNowRefusal.NotAuthor);
        (await NotifyAsync(host.Person("dora"))).Refusal.ShouldBe(NotifyNowRefusal.NotFound);
        (await host.Inbox(host.Ann).NotifyNowAsync(host.Ann.Caller, group, 1, Cancellation)).Refusal.ShouldBe(NotifyNowRefusal.NotFound);

        await gateway.BeatsForAsync(TimeSpan.FromHours(1), host.Bob);
        (await NotifyAsync(host.Ann)).Notified.ShouldBe([host.Bob.Id]);
        await host.Ann.RemovesAsync(group, host.Bob);
        await gateway.BeatsForAsync(TimeSpan.FromHours(1), host.Bob);
        (await NotifyAsync(host.Ann)).ShouldSatisfyAllConditions(gone => gone.Notified.ShouldBeEmpty(), gone => gone.TooSoon.ShouldBeEmpty());
        await host.Ann.DeletesAsync(group, 2);
        (await NotifyAsync(host.Ann)).Refusal.ShouldBe(NotifyNowRefusal.MessageDeleted);

        Task<NotifyNowResult> NotifyAsync(TestUser author) => host.Inbox(author).NotifyNowAsync(author.Caller, group, 2, Cancellation);
    }

    [Theory]
    [EveryStore]
    [Rule("R3")]
    public async Task AnyCall_OfAnotherTenantOrInAnothersName_LearnsAndChangesNothing(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "<@bob>");
        var before = await host.Bob.CountsAsync(group);
        foreach (var caller in new[] { host.Foreigner("bob").Caller, host.Ann.Caller })
        {
            var inbox = host.Inbox(host.Bob);
            (await inbox.MarkUnreadAsync(caller, group, 1, Cancellation)).Basis.ShouldBeNull();
            (await inbox.MarkAllReadAsync(caller, Cancellation)).Conversations.ShouldBe(0);
            (await inbox.UndoMarkAllReadAsync(caller, Guid.CreateVersion7(host.Time.GetUtcNow()), Cancellation)).Expired.ShouldBeTrue();
            (await inbox.SetNotificationsAsync(new SetNotifications { Caller = caller, ConversationId = group, Level = NotificationLevel.All }, Cancellation)).Basis.ShouldBeNull();
            (await inbox.MentionsAsync(new MentionsQuery { Caller = caller, Limit = 50 }, Cancellation)).Rows.ShouldBeEmpty();
            (await inbox.MarkMentionDoneAsync(caller, group, 2, true, Cancellation)).ShouldBeFalse();
            (await inbox.FindConversationsAsync(caller, "", 50, Cancellation)).ShouldBeEmpty();
            (await inbox.FindMentionableAsync(caller, group, "", 8, Cancellation)).Found.ShouldBeFalse();
            (await inbox.WhyNotifiedAsync(caller, group, 2, Cancellation)).ShouldSatisfyAllConditions(why => why.Reason.ShouldBeNull(), why => why.TooOld.ShouldBeFalse());
            (await inbox.NotifyNowAsync(caller, group, 2, Cancellation)).Refusal.ShouldBe(NotifyNowRefusal.NotFound);
            await inbox.ReportNotificationsAsync(
                caller, "x", [new NotificationReport { ConversationId = group, Seq = 2, Outcome = NotificationOutcome.Shown, At = host.Time.GetUtcNow() }], Cancellation);
        }

        (await host.Bob.CountsAsync(group)).ShouldBe(before);
        (await host.Bob.AsksWhyAsync(group, 2)).Devices.ShouldBeEmpty();
        host.Events.Signals.ShouldBeEmpty();
    }

    private static ConversationId Group() => ConversationId.Of(Guid.NewGuid());
}
