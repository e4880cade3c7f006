using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IInboxStore"/> does with cursors that move back, settings, mentions, names and reports.</summary>
public abstract class NotificationStoreCompliance
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly StoreFixture _fixture;

    protected NotificationStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ChatStore Store => _fixture.Store;

    private IInboxStore Inbox => Store.Inbox;

    [Fact]
    [Rule("U8")]
    public async Task MarkUnreadAsync_BackUpAndBelowTheBeginning_MovesOnlyDownAndNoFurtherThanJoined()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 9);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Cleo), tenant.Text(Ann, "after")) with
        {
            Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });
        await MarkAsync(tenant, Bob, group, 12);
        await MarkAsync(tenant, Cleo, group, 12);

        (await BackAsync(tenant, Bob, group, 8)).ShouldBe(new UnreadBasis { ReadSeq = 7, Unread = 4, Mentions = 0, Rev = head.Rev, ReadVersion = 3 });
        (await BackAsync(tenant, Bob, group, 9)).ReadSeq.ShouldBe(7, "it never moves up");
        (await BackAsync(tenant, Bob, group, 8)).ReadVersion.ShouldBe(3, "nothing moved");
        (await BackAsync(tenant, Bob, group, 1)).ReadSeq.ShouldBe(0);
        (await BackAsync(tenant, Bob, group, -5)).ReadSeq.ShouldBe(0);
        (await BackAsync(tenant, Cleo, group, 1)).ShouldBe(new UnreadBasis { ReadSeq = 10, Unread = 2, Mentions = 1, Rev = head.Rev, ReadVersion = 3 });
        (await MarkAsync(tenant, Bob, group, 5))!.ReadSeq.ShouldBe(5, "reading goes on from there");
    }

    [Fact]
    [Rule("U8")]
    [Rule("R3")]
    public async Task AnyCall_NotAMember_AnswersNothingAndMovesNothing()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var (group, head) = await tenant.GroupAsync(texts: 2);
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Ann, "<@bob>") with { Mentions = new MentionSet { Users = [Bob] } }));
        await MarkAsync(tenant, Bob, group, 4);
        head = new Head { Rev = head.Rev + 1, Seq = head.Seq + 1 };
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Bob, SystemFactKind.Left)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        var before = await _fixture.NumberAsync($"select sum(read_version) from participants where tenant_id = '{tenant.Id}'");

        foreach (var (of, user) in new[] { (tenant, Bob), (tenant, Cleo), (other, Ann), (other, Bob) })
        {
            (await Inbox.MarkUnreadAsync(of.Id, user, group, 1, Cancellation)).ShouldBeFalse();
            (await Inbox.MarkAllReadAsync(of.Id, user, Guid.NewGuid(), Cancellation)).ShouldBeEmpty();
            (await Inbox.ReadNotificationsAsync(of.Id, user, group, Cancellation)).ShouldBeNull();
            (await Inbox.WriteNotificationsAsync(of.Id, user, group, new StoredNotifications(Settings(), 2), Settings(NotificationLevel.All), Noon, Cancellation)).ShouldBeFalse();
            (await Inbox.ListMentionsAsync(of.Id, user, null, 50, false, Cancellation)).Rows.ShouldBeEmpty();
            (await Inbox.MarkMentionDoneAsync(of.Id, user, group, 4, Noon, Cancellation)).ShouldBeFalse();
            (await Inbox.ReadNamesAsync(of.Id, user, [Ann], 100, Cancellation)).ShouldBeEmpty();
            (await Inbox.ReadMentionablesAsync(of.Id, user, group, Cancellation)).ShouldBeNull();
            (await Inbox.ReadNotifiedAsync(of.Id, user, group, 2, Cancellation)).ShouldBeNull();
            await Inbox.ReportNotificationsAsync(of.Id, user, "phone", [Report(group, 2)], Cancellation);
        }

        (await _fixture.NumberAsync($"select sum(read_version) from participants where tenant_id = '{tenant.Id}'")).ShouldBe(before);
        (await _fixture.NumberAsync($"select count(*) from notification_reports where tenant_id in ('{tenant.Id}', '{other.Id}')")).ShouldBe(0);
        (await _fixture.NumberAsync($"select count(*) from notification_settings_log where tenant_id in ('{tenant.Id}', '{other.Id}')")).ShouldBe(0);
    }

    [Fact]
    [Rule("U12")]
    public async Task MarkAllReadAsync_SomeUnread_MovesThoseAndUndoRestoresExactlyThoseThatNothingElseMoved()
    {
        var tenant = await CreateAsync(Store);
        var (one, _) = await tenant.GroupAsync(texts: 5);
        var (two, _) = await tenant.GroupAsync(texts: 5);
        var (mine, head) = await tenant.GroupAsync(texts: 0);
        await tenant.WriteAsync(tenant.Append(mine, head, tenant.Text(Bob, "only mine")));
        var (read, _) = await tenant.GroupAsync(texts: 1);
        await MarkAsync(tenant, Bob, one, 3);
        await MarkAsync(tenant, Bob, read, 2);
        var (oneBefore, twoBefore, mineBefore, readBefore) =
            (await BasisAsync(tenant, Bob, one), await BasisAsync(tenant, Bob, two), await BasisAsync(tenant, Bob, mine), await BasisAsync(tenant, Bob, read));
        var undo = Guid.NewGuid();

        (await Inbox.MarkAllReadAsync(tenant.Id, Bob, undo, Cancellation)).ShouldBe([one, two], ignoreOrder: true);
        (await BasisAsync(tenant, Bob, one)).ShouldBe(oneBefore with { ReadSeq = 6, Unread = 0, ReadVersion = 3 });
        (await BasisAsync(tenant, Bob, two)).ShouldBe(twoBefore with { ReadSeq = 6, Unread = 0, ReadVersion = 2 });
        (await BasisAsync(tenant, Bob, mine)).ShouldBe(mineBefore);
        (await BasisAsync(tenant, Bob, read)).ShouldBe(readBefore);
        (await BasisAsync(tenant, Ann, one)).ReadVersion.ShouldBe(1, "other people's cursors stay");

        (await BackAsync(tenant, Bob, two, 5)).ReadVersion.ShouldBe(3); // Moved by something else: the undo leaves it.
        (await Inbox.UndoMarkAllReadAsync(tenant.Id, Bob, Guid.NewGuid(), Cancellation)).ShouldBeEmpty();
        (await Inbox.UndoMarkAllReadAsync(tenant.Id, Ann, undo, Cancellation)).ShouldBeEmpty();
        (await Inbox.UndoMarkAllReadAsync(tenant.Id, Bob, undo, Cancellation)).ShouldBe([one]);
        (await Inbox.UndoMarkAllReadAsync(tenant.Id, Bob, undo, Cancellation)).ShouldBe([one], "a repetition is answered alike");
        (await BasisAsync(tenant, Bob, one)).ShouldBe(oneBefore with { ReadVersion = 4 });
        (await BasisAsync(tenant, Bob, two)).ReadSeq.ShouldBe(4);

        await Inbox.UndoMarkAllReadAsync(tenant.Id, Bob, undo, Cancellation);
        (await BasisAsync(tenant, Bob, one)).ReadVersion.ShouldBe(4, "undoing again moves nothing");
    }

    [Fact]
    [Rule("N7")]
    [Rule("U11")]
    public async Task WriteNotificationsAsync_RowMovedMeanwhile_WritesNothing()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 2);
        var before = (await Inbox.ReadNotificationsAsync(tenant.Id, Bob, group, Cancellation)).ShouldNotBeNull();
        before.ShouldBe(new StoredNotifications(Settings(), 1));
        var muted = Settings(NotificationLevel.Nothing, Noon, Noon.AddHours(1));

        (await Inbox.WriteNotificationsAsync(tenant.Id, Bob, group, before, muted, Noon, Cancellation)).ShouldBeTrue();
        (await Inbox.WriteNotificationsAsync(tenant.Id, Bob, group, before, Settings(NotificationLevel.All), Noon, Cancellation)).ShouldBeFalse();

        (await Inbox.ReadNotificationsAsync(tenant.Id, Bob, group, Cancellation)).ShouldBe(new StoredNotifications(muted, 2));
        var row = (await Inbox.ReadAsync(tenant.Id, Bob, [group], Cancellation)).ShouldHaveSingleItem();
        (row.Level, row.Basis.MutedFrom, row.Basis.MutedUntil, row.Basis.ReadVersion).ShouldBe((NotificationLevel.Nothing, Noon, Noon.AddHours(1), 2));
        (await Inbox.ListAsync(tenant.Id, Bob, null, null, 50, Cancellation)).Rows.ShouldHaveSingleItem().Level.ShouldBe(NotificationLevel.Nothing);
        (await MarkAsync(tenant, Bob, group, 3))!.MutedUntil.ShouldBe(Noon.AddHours(1));
        (await Inbox.ReadAsync(tenant.Id, Ann, [group], Cancellation)).ShouldHaveSingleItem().Level.ShouldBe(NotificationLevel.Default);
    }

    [Fact]
    [Rule("U2")]
    [Rule("U11")]
    public async Task Basis_WideMentionsWhileMuted_AreUnreadAndNoMentions()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 0);
        var entries = Enumerable.Range(0, 4).Select(number => tenant.Text(Ann, "<!all>") with { Mentions = new MentionSet { All = true } }).ToArray();
        head = await tenant.WriteAsync(tenant.Append(group, head, [.. entries]));
        (await BasisAsync(tenant, Bob, group)).ShouldBe(new UnreadBasis { ReadSeq = 0, Unread = 4, Mentions = 4, Rev = head.Rev, ReadVersion = 1 });

        await SetAsync(tenant, Bob, group, Settings(mutedFrom: entries[1].At, mutedUntil: entries[3].At), Noon);

        var basis = await BasisAsync(tenant, Bob, group);
        (basis.Unread, basis.Mentions).ShouldBe((4, 2), "the first was posted before, the last when the mute ended");
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Ann, "<@bob>") with { At = entries[2].At, Mentions = new MentionSet { Users = [Bob] } }));
        (await BasisAsync(tenant, Bob, group)).Mentions.ShouldBe(3, "by name it counts muted or not");
    }

    [Fact]
    [Rule("N10")]
    public async Task ListMentionsAsync_ManyPages_NewestFirstEachOnceAndOnlyWhatStands()
    {
        var tenant = await CreateAsync(Store);
        var (one, oneHead) = await tenant.GroupAsync(texts: 1);
        var (two, twoHead) = await tenant.GroupAsync(texts: 1);
        var named = new MentionSet { Users = [Bob] };
        var at = tenant.NextMinute();
        for (var number = 0; number < 6; number++)
        {
            oneHead = await tenant.WriteAsync(tenant.Append(one, oneHead, tenant.Text(Ann, $"one {number}") with { At = at.AddMinutes(number / 2), Mentions = named }));
            twoHead = await tenant.WriteAsync(tenant.Append(two, twoHead, tenant.Text(Ann, $"two {number}") with { At = at.AddMinutes(number / 2), Mentions = named }));
        }

        await tenant.WriteAsync(tenant.Append(one, oneHead, tenant.Text(Ann, "all") with { Mentions = new MentionSet { All = true } }, tenant.Change("deleted") with
        {
            MessageSeq = 3,
            Revision = new MessageRevision { Version = 2, Text = "", NotMentioned = [Bob], DeletedBy = Ann },
        }));
        await MarkAsync(tenant, Bob, one, 6);
        (await Inbox.MarkMentionDoneAsync(tenant.Id, Bob, two, 8, Noon, Cancellation)).ShouldBeTrue();
        (await Inbox.MarkMentionDoneAsync(tenant.Id, Bob, two, 2, Noon, Cancellation)).ShouldBeFalse("it mentions nobody");

        var all = await Inbox.ListMentionsAsync(tenant.Id, Bob, null, 200, false, Cancellation);
        all.Next.ShouldBeNull();
        all.Rows.Length.ShouldBe(11);
        all.Rows.ShouldBe(all.Rows
            .OrderByDescending(row => row.Message.Time)
            .ThenByDescending(row => row.ConversationId.Value, StringComparer.Ordinal)
            .ThenByDescending(row => row.Message.Seq));
        all.Rows.ShouldAllBe(row => row.Title == "Standup" && row.Kind == ConversationKind.Group && row.Message.AuthorName == "Ann Archer");
        all.Rows.Where(row => row.Done).ShouldHaveSingleItem().Message.Seq.ShouldBe(8);
        all.Rows.Count(row => row.Unread).ShouldBe(8);

        var walked = new List<(ConversationId, long)>();
        MentionPosition? position = null;
        do
        {
            var page = await Inbox.ListMentionsAsync(tenant.Id, Bob, position, 3, false, Cancellation);
            walked.AddRange(page.Rows.Select(row => (row.ConversationId, row.Message.Seq)));
            position = page.Next;
        }
        while (position is not null && walked.Count <= 11);

        walked.ShouldBe(all.Rows.Select(row => (row.ConversationId, row.Message.Seq)));
        var unread = await Inbox.ListMentionsAsync(tenant.Id, Bob, null, 200, true, Cancellation);
        unread.Rows.Select(row => (row.ConversationId, row.Message.Seq))
            .ShouldBe(all.Rows.Where(row => row is { Unread: true, Done: false }).Select(row => (row.ConversationId, row.Message.Seq)));
        (await Inbox.MarkMentionDoneAsync(tenant.Id, Bob, two, 8, null, Cancellation)).ShouldBeTrue();
        (await Inbox.ListMentionsAsync(tenant.Id, Bob, null, 200, true, Cancellation)).Rows.Length.ShouldBe(8);
    }

    [Fact]
    [Rule("C5")]
    [Rule("L4")]
    public async Task ReadNamesAsync_GroupsAndDirectOnes_TellPresentAndFormerNamesLastActiveFirst()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 1);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Renamed)) with { Title = "Sit-down" });
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Renamed)) with { Title = "Lie-down" });
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "hi")));
        var withCleo = ConversationId.Direct(Bob, Cleo);
        await tenant.WriteAsync(tenant.Creation(withCleo, [Bob, Cleo], tenant.Text(Cleo, "hi")));
        await MarkAsync(tenant, Bob, AnnAndBob, 1);

        var names = await Inbox.ReadNamesAsync(tenant.Id, Bob, [Cleo], 100, Cancellation);

        names.Select(name => (name.ConversationId, name.Title, name.PeerName, name.HasOneOf, name.AboveCursor)).ShouldBe(
        [
            (withCleo, null, "Cleo Cook", true, true), (AnnAndBob, null, "Ann Archer", false, false), (group, "Lie-down", null, false, true),
        ]);
        names[2].FormerTitles.ShouldBe(["Sit-down", "Standup"]);
        names[0].FormerTitles.ShouldBeEmpty();
        (await Inbox.ReadNamesAsync(tenant.Id, Bob, [], 2, Cancellation)).Select(name => name.ConversationId).ShouldBe([withCleo, AnnAndBob]);
        (await Inbox.ListAsync(tenant.Id, Bob, [group, AnnAndBob, NewGroup()], null, 50, Cancellation)).Rows.Select(row => row.ConversationId)
            .ShouldBe([group, AnnAndBob]);
        (await Inbox.ListAsync(tenant.Id, Bob, [], null, 50, Cancellation)).Rows.ShouldBeEmpty();
    }

    [Fact]
    [Rule("N2")]
    public async Task ReadMentionablesAsync_RecentAuthorsAndDirectPeers_AreTold()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 0);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Bob, "long ago")));
        head = await tenant.WriteAsync(tenant.Append(group, head, [.. Enumerable.Range(0, MentionablesRead.RecentMessages).Select(number => tenant.Text(Ann, $"{number}"))]));
        await tenant.WriteAsync(tenant.Creation(ConversationId.Direct(Ann, Cleo), [Ann, Cleo], tenant.Text(Ann, "hi")));
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "hi")));
        await tenant.WriteAsync(tenant.Creation(ConversationId.Direct(Bob, Cleo), [Bob, Cleo], tenant.Text(Bob, "not Ann's")));

        var read = (await Inbox.ReadMentionablesAsync(tenant.Id, Ann, group, Cancellation)).ShouldNotBeNull();

        read.Members.ShouldBe(
            [
                new MentionableMember(Ann, "Ann Archer", OrleansChat.Tenants.Role.Agent, head.Seq),
                new MentionableMember(Bob, "Bob Baker", OrleansChat.Tenants.Role.Supervisor, null),
            ],
            ignoreOrder: true);
        read.DirectPeers.ShouldBe([Bob, Cleo]);
    }

    [Fact]
    [Rule("N12")]
    public async Task ReadNotifiedAsync_SettingsReplacedSince_AreThoseOfTheMessagesTime()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 0);
        var texts = Enumerable.Range(0, 3).Select(number => tenant.Text(Ann, $"{number}")).ToArray();
        head = await tenant.WriteAsync(tenant.Append(group, head, [.. texts]));
        var (all, none) = (Settings(NotificationLevel.All), Settings(NotificationLevel.Nothing, texts[1].At, null));
        await SetAsync(tenant, Bob, group, all, texts[0].At.AddSeconds(1)); // Until then, the first one included, the default.
        await SetAsync(tenant, Bob, group, none, texts[1].At.AddSeconds(1));
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Cleo)) with
        {
            Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });

        (await NotifiedAsync(Bob, 2)).Settings.ShouldBe(Settings());
        (await NotifiedAsync(Bob, 3)).Settings.ShouldBe(all);
        (await NotifiedAsync(Bob, 4)).ShouldSatisfyAllConditions(
            read => read.Settings.ShouldBe(none),
            read => read.Message.Seq.ShouldBe(4),
            read => read.Kind.ShouldBe(ConversationKind.Group),
            read => read.WasMember.ShouldBeTrue());
        (await NotifiedAsync(Cleo, 4)).WasMember.ShouldBeFalse("she came later");
        (await NotifiedAsync(Cleo, 5)).WasMember.ShouldBeTrue();
        (await Inbox.ReadNotifiedAsync(tenant.Id, Bob, group, 6, Cancellation)).ShouldBeNull();

        async Task<NotifiedRead> NotifiedAsync(UserId user, long seq) =>
            (await Inbox.ReadNotifiedAsync(tenant.Id, user, group, seq, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    [Rule("N12")]
    public async Task ReportNotificationsAsync_TwiceAndOfNothing_KeepsEachOnceInOrderOfTime()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 1);
        await Inbox.ReportNotificationsAsync(tenant.Id, Bob, "phone",
            [Report(group, 2, NotificationOutcome.Closed, 2), Report(group, 2), Report(group, 2), Report(group, 9), Report(NewGroup(), 2)], Cancellation);
        await Inbox.ReportNotificationsAsync(tenant.Id, Bob, "phone", [Report(group, 2, minutes: 9)], Cancellation);
        await Inbox.ReportNotificationsAsync(tenant.Id, Bob, "desk", [Report(group, 2, NotificationOutcome.HeldByFocus, 1)], Cancellation);
        await Inbox.ReportNotificationsAsync(tenant.Id, Ann, "hers", [Report(group, 2)], Cancellation);

        (await Inbox.ReadNotifiedAsync(tenant.Id, Bob, group, 2, Cancellation)).ShouldNotBeNull().Devices.ShouldBe(
        [
            new DeviceOutcome { Device = "phone", Outcome = NotificationOutcome.Shown, At = Noon },
            new DeviceOutcome { Device = "desk", Outcome = NotificationOutcome.HeldByFocus, At = Noon.AddMinutes(1) },
            new DeviceOutcome { Device = "phone", Outcome = NotificationOutcome.Closed, At = Noon.AddMinutes(2) },
        ]);
    }

    [Fact]
    [Rule("N12")]
    public async Task ReportNotificationsAsync_UnderEverNewNames_KeepsNoMoreThanTheBoundOfAMessage()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 2);
        for (var device = 0; device < 40; device++)
        {
            await Inbox.ReportNotificationsAsync(
                tenant.Id, Bob, $"device {device:00}", [Report(group, 2), Report(group, 2, NotificationOutcome.Closed)], Cancellation);
        }

        await Inbox.ReportNotificationsAsync(tenant.Id, Ann, "hers", [Report(group, 2)], Cancellation);
        await Inbox.ReportNotificationsAsync(tenant.Id, Bob, "late", [Report(group, 3), Report(group, 2)], Cancellation);

        (await CountAsync(Bob, 2)).ShouldBe(IInboxStore.ReportsPerMessageMax);
        (await CountAsync(Ann, 2)).ShouldBe(1);
        (await CountAsync(Bob, 3)).ShouldBe(1);

        Task<long> CountAsync(UserId user, long seq) => _fixture.NumberAsync(
            $"select count(*) from notification_reports where tenant_id = '{tenant.Id}' and user_id = '{user}' and seq = {seq}");
    }

    [Fact]
    [Rule("N6")]
    public async Task TakeNotifyNowAsync_AgainBeforeThePauseIsOver_OnlyOthers()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var hour = TimeSpan.FromHours(1);

        (await TakeAsync(tenant, Ann, Noon, Bob)).ShouldBe([Bob]);
        (await TakeAsync(tenant, Ann, Noon.AddMinutes(59), Bob, Cleo)).ShouldBe([Cleo]);
        (await TakeAsync(tenant, Cleo, Noon.AddMinutes(59), Bob)).ShouldBe([Bob], "each sender has turns of their own");
        (await TakeAsync(other, Ann, Noon.AddMinutes(59), Bob)).ShouldBe([Bob]);
        (await TakeAsync(tenant, Ann, Noon.AddMinutes(60), Bob, Cleo)).ShouldBe([Bob]);

        Task<ImmutableArray<UserId>> TakeAsync(TestTenant of, UserId sender, DateTimeOffset at, params UserId[] people) =>
            Inbox.TakeNotifyNowAsync(of.Id, sender, people, at, hour, Cancellation);
    }

    [Fact]
    [Rule("N12")]
    public async Task PurgeNotificationsAsync_OldAndNew_ForgetsWhatIsOlder()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 2);
        var old = Noon.AddYears(-1);
        await SetAsync(tenant, Bob, group, Settings(NotificationLevel.All), old);
        await SetAsync(tenant, Bob, group, Settings(NotificationLevel.Nothing), old.AddMinutes(2));
        await Inbox.ReportNotificationsAsync(tenant.Id, Bob, "phone", [Report(group, 2) with { At = old }, Report(group, 3) with { At = old.AddMinutes(1) }], Cancellation);
        await Inbox.TakeNotifyNowAsync(tenant.Id, Ann, [Bob], old, TimeSpan.FromHours(1), Cancellation);

        (await Inbox.PurgeNotificationsAsync(old.AddMinutes(1), 100, Cancellation)).ShouldBe(3);
        (await Inbox.PurgeNotificationsAsync(old.AddMinutes(1), 100, Cancellation)).ShouldBe(0);

        (await Inbox.ReadNotifiedAsync(tenant.Id, Bob, group, 2, Cancellation)).ShouldNotBeNull().Devices.ShouldBeEmpty();
        (await Inbox.ReadNotifiedAsync(tenant.Id, Bob, group, 3, Cancellation)).ShouldNotBeNull().Devices.ShouldHaveSingleItem();
        (await _fixture.NumberAsync($"select count(*) from notification_settings_log where tenant_id = '{tenant.Id}'")).ShouldBe(1);
    }

    [Fact]
    [Rule("N12")]
    public async Task PurgeNotificationsAsync_MoreThanTheLimit_GoesBitByBit()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 1);
        var old = Noon.AddYears(-2);
        for (var device = 0; device < 5; device++)
        {
            await Inbox.ReportNotificationsAsync(tenant.Id, Bob, $"{device}", [Report(group, 2) with { At = old }], Cancellation);
        }

        List<long> purged = [];
        while (purged.Count == 0 || purged[^1] > 0)
        {
            purged.Add(await Inbox.PurgeNotificationsAsync(old.AddMinutes(1), 2, Cancellation));
        }

        purged.ShouldBe([2L, 2, 1, 0]);
    }

    private static NotificationSettings Settings(
        NotificationLevel level = NotificationLevel.Default, DateTimeOffset? mutedFrom = null, DateTimeOffset? mutedUntil = null) =>
        new() { Level = level, MutedFrom = mutedFrom, MutedUntil = mutedUntil };

    private static NotificationReport Report(
        ConversationId conversation, long seq, NotificationOutcome outcome = NotificationOutcome.Shown, int minutes = 0) =>
        new() { ConversationId = conversation, Seq = seq, Outcome = outcome, At = Noon.AddMinutes(minutes) };

    private async Task SetAsync(TestTenant tenant, UserId user, ConversationId conversation, NotificationSettings settings, DateTimeOffset at)
    {
        var before = (await Inbox.ReadNotificationsAsync(tenant.Id, user, conversation, Cancellation)).ShouldNotBeNull();
        (await Inbox.WriteNotificationsAsync(tenant.Id, user, conversation, before, settings, at, Cancellation)).ShouldBeTrue();
    }

    private Task<UnreadBasis?> MarkAsync(TestTenant tenant, UserId user, ConversationId conversation, long upToSeq) =>
        Inbox.MarkReadAsync(tenant.Id, user, conversation, upToSeq, Cancellation);

    private async Task<UnreadBasis> BackAsync(TestTenant tenant, UserId user, ConversationId conversation, long fromSeq)
    {
        (await Inbox.MarkUnreadAsync(tenant.Id, user, conversation, fromSeq, Cancellation)).ShouldBeTrue();
        return await BasisAsync(tenant, user, conversation);
    }

    private async Task<UnreadBasis> BasisAsync(TestTenant tenant, UserId user, ConversationId conversation) =>
        (await Inbox.ReadAsync(tenant.Id, user, [conversation], Cancellation)).ShouldHaveSingleItem().Basis;
}

public sealed class SqliteNotificationStoreTests(SqliteStoreFixture fixture) : NotificationStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresNotificationStoreTests(PostgresStoreFixture fixture) : NotificationStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
