using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IInboxStore"/> does.</summary>
public abstract class InboxStoreCompliance
{
    private readonly StoreFixture _fixture;

    protected InboxStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ChatStore Store => _fixture.Store;

    private IInboxStore Inbox => Store.Inbox;

    [Fact]
    [Rule("U1")]
    [Rule("U2")]
    public async Task ListAsync_OthersTextsAndMyOwnAndFacts_CountsOthersTextsAsUnread()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 3);
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Bob, "mine"), tenant.Change(), tenant.Fact(Ann, SystemFactKind.Renamed, Bob)));
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "1"), tenant.Text(Ann, "2"), tenant.Text(Bob, "3")));

        (await BasisAsync(tenant, Bob, group)).ShouldBe(new UnreadBasis { ReadSeq = 0, Unread = 3, Mentions = 0, Rev = 7, ReadVersion = 1 });
        (await BasisAsync(tenant, Ann, group)).ShouldBe(new UnreadBasis { ReadSeq = 0, Unread = 1, Mentions = 0, Rev = 7, ReadVersion = 1 });
        (await BasisAsync(tenant, Bob, AnnAndBob)).ShouldBe(new UnreadBasis { ReadSeq = 0, Unread = 2, Mentions = 2, Rev = 3, ReadVersion = 1 });
        (await BasisAsync(tenant, Ann, AnnAndBob)).ShouldBe(new UnreadBasis { ReadSeq = 0, Unread = 1, Mentions = 1, Rev = 3, ReadVersion = 1 });
    }

    [Fact]
    public async Task ReadNewcomersAsync_SomeHaveReadOrLeft_AnswersTheOthers()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var (group, head) = await tenant.GroupAsync(texts: 3);
        (await NewcomersAsync(tenant)).ShouldBe([Ann, Bob], ignoreOrder: true);
        await MarkAsync(tenant, Bob, group, 3);
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Cleo)) with
        {
            Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq + 1 }],
            Ends = [new MembershipEnd { UserId = Ann, LeftSeq = head.Seq + 1 }],
        });

        (await NewcomersAsync(tenant)).ShouldBe([Cleo]);
        (await NewcomersAsync(other)).ShouldBeEmpty();

        async Task<IEnumerable<UserId>> NewcomersAsync(TestTenant of) => await Inbox.ReadNewcomersAsync(of.Id, group, Cancellation);
    }

    [Fact]
    [Rule("C8")]
    public async Task ListAsync_AddedToAGroup_CountsTheFactThatNamesMeOnce()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 3);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Cleo)) with
        {
            Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });

        (await BasisAsync(tenant, Cleo, group)).ShouldBe(new UnreadBasis { ReadSeq = 4, Unread = 1, Mentions = 1, Rev = 5, ReadVersion = 1 });
        (await BasisAsync(tenant, Bob, group)).Unread.ShouldBe(3);
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Bob, "welcome")));
        (await BasisAsync(tenant, Cleo, group)).ShouldBe(new UnreadBasis { ReadSeq = 4, Unread = 2, Mentions = 1, Rev = 6, ReadVersion = 1 });
        (await MarkAsync(tenant, Cleo, group, 5)).ShouldBe(new UnreadBasis { ReadSeq = 5, Unread = 1, Mentions = 0, Rev = 6, ReadVersion = 2 });
    }

    [Fact]
    [Rule("U5")]
    public async Task MarkReadAsync_UpAndDownAndBeyond_CursorOnlyRisesToTheHead()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 9);

        (await MarkAsync(tenant, Bob, group, 4)).ShouldBe(new UnreadBasis { ReadSeq = 4, Unread = 6, Mentions = 0, Rev = 10, ReadVersion = 2 });
        (await MarkAsync(tenant, Bob, group, 2)).ShouldBe(new UnreadBasis { ReadSeq = 4, Unread = 6, Mentions = 0, Rev = 10, ReadVersion = 2 });
        (await MarkAsync(tenant, Bob, group, 4)).ShouldNotBeNull().ReadVersion.ShouldBe(2);
        (await MarkAsync(tenant, Bob, group, -1)).ShouldNotBeNull().ReadSeq.ShouldBe(4);
        (await MarkAsync(tenant, Bob, group, long.MaxValue)).ShouldBe(new UnreadBasis { ReadSeq = head.Seq, Unread = 0, Mentions = 0, Rev = 10, ReadVersion = 3 });
        (await BasisAsync(tenant, Bob, group)).ShouldBe(new UnreadBasis { ReadSeq = head.Seq, Unread = 0, Mentions = 0, Rev = 10, ReadVersion = 3 });
        (await BasisAsync(tenant, Ann, group)).ReadSeq.ShouldBe(0);
    }

    [Fact]
    [Rule("C10")]
    public async Task MarkReadAsync_NotAMember_AnswersNullAndMovesNothing()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Bob, SystemFactKind.Left)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });

        (await MarkAsync(tenant, Cleo, group, 1)).ShouldBeNull();
        (await MarkAsync(tenant, Bob, group, 1)).ShouldBeNull();
        (await MarkAsync(tenant, Ann, NewGroup(), 1)).ShouldBeNull();
        (await _fixture.NumberAsync($"select read_seq from participants where tenant_id = '{tenant.Id}' and user_id = 'bob'")).ShouldBe(0);
    }

    [Fact]
    [Rule("U5")]
    public async Task MarkReadAsync_ManyAtOnce_EachAnswersAtLeastItsOwn()
    {
        var tenant = await CreateAsync(Store);
        var groups = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => tenant.GroupAsync(texts: 40)));

        var answers = await Task.WhenAll(
            from seq in Enumerable.Range(1, 41)
            from place in groups
            select Task.Run(async () => (Seq: seq, Basis: (await MarkAsync(tenant, Bob, place.Conversation, seq)).ShouldNotBeNull())));

        answers.ShouldAllBe(answer => answer.Basis.ReadSeq >= answer.Seq && answer.Basis.Unread == 41 - answer.Basis.ReadSeq);
        foreach (var (conversation, _) in groups)
        {
            (await BasisAsync(tenant, Bob, conversation)).ReadSeq.ShouldBe(41);
        }
    }

    [Fact]
    [Rule("C11")]
    public async Task ReadVersion_LeavesAndReturns_NeverFalls()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 2);
        await MarkAsync(tenant, Bob, group, 2);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Bob, SystemFactKind.Left)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Bob)) with
        {
            Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });

        (await BasisAsync(tenant, Bob, group)).ShouldBe(new UnreadBasis { ReadSeq = 4, Unread = 1, Mentions = 1, Rev = 5, ReadVersion = 4 });
    }

    [Fact]
    [Rule("L1")]
    [Rule("L2")]
    public async Task ListAsync_ThreeBlocks_MentionsThenUnreadThenTheRestByActivity()
    {
        var tenant = await CreateAsync(Store);
        var (readOld, readOldHead) = await tenant.GroupAsync(texts: 1);
        var (unreadOld, _) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "direct")));
        var (unreadNew, _) = await tenant.GroupAsync(texts: 1);
        var (readNew, readNewHead) = await tenant.GroupAsync(texts: 1);
        await MarkAsync(tenant, Bob, readOld, 2);
        await MarkAsync(tenant, Bob, readNew, 2);

        (await OrderAsync()).ShouldBe([AnnAndBob, unreadNew, unreadOld, readNew, readOld]);

        // What does not count as activity does not reorder (rule L2); a text does.
        await tenant.WriteAsync(tenant.Append(readOld, readOldHead, tenant.Change(), tenant.Fact(Ann, SystemFactKind.Renamed)));
        (await OrderAsync()).ShouldBe([AnnAndBob, unreadNew, unreadOld, readNew, readOld]);
        await tenant.WriteAsync(tenant.Append(readNew, readNewHead, tenant.Text(Ann, "unread now")));
        (await OrderAsync()).ShouldBe([AnnAndBob, readNew, unreadNew, unreadOld, readOld]);

        async Task<IEnumerable<ConversationId>> OrderAsync() =>
            (await Inbox.ListAsync(tenant.Id, Bob, null, null, 200, Cancellation)).Rows.Select(row => row.ConversationId);
    }

    [Fact]
    [Rule("L1")]
    public async Task ListAsync_PageByPage_ListsEveryRowOnceInOrder()
    {
        var tenant = await CreateAsync(Store);
        var at = tenant.NextMinute();
        for (var number = 0; number < 23; number++)
        {
            var conversation = NewGroup();
            await tenant.WriteAsync(tenant.Creation(conversation, [Ann, Bob], tenant.Text(Ann, "x") with { At = at.AddMinutes(number / 4) }));
            if (number % 3 == 0)
            {
                await MarkAsync(tenant, Bob, conversation, 1);
            }
        }

        var all = await Inbox.ListAsync(tenant.Id, Bob, null, null, 200, Cancellation);
        var walked = await WalkAsync(tenant, null, 5);

        all.Rows.Length.ShouldBe(23);
        all.Next.ShouldBeNull();
        walked.Select(row => row.ConversationId).ShouldBe(all.Rows.Select(row => row.ConversationId));
        all.Rows.ShouldBe(all.Rows
            .OrderBy(row => row.Basis.Unread > 0 ? 1 : 2)
            .ThenByDescending(row => row.LastActivity)
            .ThenBy(row => row.ConversationId.Value, StringComparer.Ordinal));
    }

    [Fact]
    [Rule("L1")]
    [Rule("U1")]
    [Rule("U2")]
    public async Task ListAsync_MuchAboveTheCursorThatDoesNotCount_EveryPageSizeWalksTheSameOrder()
    {
        var tenant = await CreateAsync(Store);
        var all = await FillWithEveryKindAsync(tenant, 48);
        var rows = await Inbox.ReadAsync(tenant.Id, Bob, all, Cancellation);
        var ordered = rows
            .OrderBy(row => row.Basis switch { { Mentions: > 0 } => 0, { Unread: > 0 } => 1, _ => 2 })
            .ThenByDescending(row => row.LastActivity)
            .ThenBy(row => row.ConversationId.Value, StringComparer.Ordinal)
            .ToArray();
        rows.Count(row => row.Basis.Mentions > 0).ShouldBe(12);
        rows.Count(row => row.Basis is { Unread: > 0, Mentions: 0 }).ShouldBe(6);
        rows.Count(row => row.Basis.Unread == 0 && row.Head.Seq > row.Basis.ReadSeq).ShouldBe(24);

        foreach (var limit in (int[])[1, 2, 3, 5, 6, 11, 12, 13, 18, 19, 47, 48, 49, 200])
        {
            (await WalkAsync(tenant, null, limit)).Select(Shown).ShouldBe(ordered.Select(Shown), customMessage: $"{limit} a page");
        }

        foreach (var some in (ConversationId[][])[[.. all.Where((_, number) => number % 3 == 0)], [all[7]], []])
        {
            (await WalkAsync(tenant, some, 4)).Select(Shown)
                .ShouldBe(ordered.Where(row => some.Contains(row.ConversationId)).Select(Shown), customMessage: $"among {some.Length}");
        }

        static (ConversationId, UnreadBasis, DateTimeOffset, string?, string?) Shown(InboxRow row) =>
            (row.ConversationId, row.Basis, row.LastActivity, row.PeerName, row.LastMessage?.Text);
    }

    [Fact]
    [Rule("U2")]
    public async Task ListAsync_MentionBelowTheCursorOrOfSomebodyElse_IsNoMentionAbove()
    {
        var tenant = await CreateAsync(Store);
        var (read, head) = await tenant.GroupAsync(texts: 1);
        head = await tenant.WriteAsync(tenant.Append(read, head, Mentioning(Bob)));
        await MarkAsync(tenant, Bob, read, head.Seq);
        await tenant.WriteAsync(tenant.Append(read, head, tenant.Text(Ann, "later")));
        var (ofCleo, headOfCleo) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Append(ofCleo, headOfCleo, Mentioning(Cleo), tenant.Fact(Ann, SystemFactKind.Added, Cleo)));
        var (mine, headOfMine) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Append(mine, headOfMine, Mentioning(Bob), Mentioning(Bob), Mentioning(Cleo)));

        var rows = (await Inbox.ListAsync(tenant.Id, Bob, null, null, 200, Cancellation)).Rows;

        rows.Select(row => (row.ConversationId, row.Basis.Unread, row.Basis.Mentions)).ShouldBe([(mine, 4, 2), (ofCleo, 2, 0), (read, 1, 0)]);

        MessageEntry Mentioning(UserId user) => tenant.Text(Ann, $"<@{user}>") with { Mentions = new MentionSet { Users = [user] } };
    }

    [Fact]
    public async Task ListAsync_Rows_TellWhatTheConversationIs()
    {
        var tenant = await CreateAsync(Store);
        var text = string.Concat(Enumerable.Repeat("𝄞a", 150));
        var last = tenant.Text(Bob, text);
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "first"), last, tenant.Fact(Ann, SystemFactKind.Renamed)));
        var oneself = ConversationId.Direct(Ann, Ann);
        await tenant.WriteAsync(tenant.Creation(oneself, [Ann], tenant.Text(Ann, "note to self")));
        var empty = NewGroup();
        await tenant.WriteAsync(tenant.Creation(empty, [Ann, Bob], tenant.Fact(Ann, SystemFactKind.Created, Ann, Bob)));

        var direct = await RowAsync(tenant, Ann, AnnAndBob);
        direct.ShouldSatisfyAllConditions(
            row => row.Kind.ShouldBe(ConversationKind.Direct),
            row => row.Title.ShouldBeNull(),
            row => row.PeerId.ShouldBe(Bob),
            row => row.PeerName.ShouldBe("Bob Baker"),
            row => row.Head.ShouldBe(new Head { Rev = 3, Seq = 3 }),
            row => row.LastActivity.ShouldBe(last.At),
            row => row.LastMessage.ShouldNotBeNull().Seq.ShouldBe(2),
            row => row.LastMessage.ShouldNotBeNull().AuthorName.ShouldBe("Bob Baker"),
            row => row.LastMessage.ShouldNotBeNull().Text.ShouldBe(string.Concat(Enumerable.Repeat("𝄞a", InboxRow.PreviewScalarsMax / 2))));
        (await RowAsync(tenant, Bob, AnnAndBob)).PeerName.ShouldBe("Ann Archer");
        var self = await RowAsync(tenant, Ann, oneself);
        self.PeerId.ShouldBe(Ann);
        self.PeerName.ShouldBe("Ann Archer");
        self.Basis.Unread.ShouldBe(0);
        var group = await RowAsync(tenant, Ann, empty);
        group.Title.ShouldBe("Standup");
        group.PeerId.ShouldBeNull();
        group.LastMessage.ShouldBeNull();
        group.LastActivity.ShouldBe(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    [Rule("C10")]
    [Rule("R3")]
    public async Task ReadAsync_NotMineOrRemovedOrForeign_AreMissing()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var (mine, _) = await tenant.GroupAsync(texts: 1);
        var (left, head) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Append(left, head, tenant.Fact(Bob, SystemFactKind.Left)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = 3 }],
        });
        var (foreign, _) = await other.GroupAsync(texts: 1);

        var rows = await Inbox.ReadAsync(tenant.Id, Bob, [mine, left, foreign, NewGroup()], Cancellation);

        rows.ShouldHaveSingleItem().ConversationId.ShouldBe(mine);
        (await Inbox.ListAsync(tenant.Id, Bob, null, null, 200, Cancellation)).Rows.ShouldHaveSingleItem();
        (await Inbox.ReadAsync(tenant.Id, Bob, [], Cancellation)).ShouldBeEmpty();
        (await Inbox.ListAsync(tenant.Id, Cleo, null, null, 200, Cancellation)).Rows.ShouldBeEmpty();
        (await MarkAsync(other, Bob, mine, 1)).ShouldBeNull();
    }

    /// <summary>
    /// Conversations of Bob's, in turn: read; unread; with a mention; with only his own text, only a fact, only a deleted text above
    /// the cursor; direct ones, unread and with only his own text. Several were last active at the same time.
    /// </summary>
    private async Task<ConversationId[]> FillWithEveryKindAsync(TestTenant tenant, int count)
    {
        await Store.Directory.AddPeopleAsync(
            tenant.Id, [.. Enumerable.Range(0, count).Select(number => new Person { UserId = Peer(number), Name = $"Peer {number}", Role = Role.Agent })], Cancellation);
        var start = tenant.NextMinute();
        var all = new ConversationId[count];
        for (var number = 0; number < count; number++)
        {
            var kind = number % 8;
            var at = start.AddMinutes(number * 7 % 10);
            var peer = Peer(number);
            var direct = kind is 6 or 7;
            all[number] = direct ? ConversationId.Direct(peer, Bob) : NewGroup();
            var head = await tenant.WriteAsync(tenant.Creation(all[number], [peer, Bob], tenant.Text(peer, "first") with { At = at }));
            await MarkAsync(tenant, Bob, all[number], head.Seq);
            LogEntry? next = kind switch
            {
                1 or 5 or 6 => tenant.Text(peer, "second") with { At = at },
                2 => tenant.Text(peer, "<@bob>") with { At = at, Mentions = new MentionSet { Users = [Bob] } },
                3 or 7 => tenant.Text(Bob, "mine") with { At = at },
                4 => tenant.Fact(peer, SystemFactKind.Renamed),
                _ => null,
            };
            if (next is not null)
            {
                head = await tenant.WriteAsync(tenant.Append(all[number], head, next));
            }

            if (kind == 5)
            {
                await tenant.WriteAsync(tenant.Append(all[number], head, tenant.Change("deleted") with
                {
                    MessageSeq = head.Seq,
                    Revision = new MessageRevision { Version = 2, Text = "", DeletedBy = peer },
                }));
            }
        }

        return all;

        static UserId Peer(int number) => UserId.Of($"peer{number}");
    }

    private async Task<List<InboxRow>> WalkAsync(TestTenant tenant, IReadOnlyCollection<ConversationId>? among, int limit)
    {
        var walked = new List<InboxRow>();
        InboxPosition? position = null;
        do
        {
            var page = await Inbox.ListAsync(tenant.Id, Bob, among, position, limit, Cancellation);
            page.Rows.Length.ShouldBeLessThanOrEqualTo(limit);
            walked.AddRange(page.Rows);
            walked.Count.ShouldBeLessThan(1_000, "it walks in a circle");
            position = page.Next;
        }
        while (position is not null);
        return walked;
    }

    private Task<UnreadBasis?> MarkAsync(TestTenant tenant, UserId user, ConversationId conversation, long upToSeq) =>
        Inbox.MarkReadAsync(tenant.Id, user, conversation, upToSeq, Cancellation);

    private async Task<InboxRow> RowAsync(TestTenant tenant, UserId user, ConversationId conversation) =>
        (await Inbox.ReadAsync(tenant.Id, user, [conversation], Cancellation)).ShouldHaveSingleItem();

    private async Task<UnreadBasis> BasisAsync(TestTenant tenant, UserId user, ConversationId conversation)
    {
        var basis = (await RowAsync(tenant, user, conversation)).Basis;
        var listed = (await Inbox.ListAsync(tenant.Id, user, null, null, 200, Cancellation)).Rows.Single(row => row.ConversationId == conversation);
        listed.Basis.ShouldBe(basis);
        return basis;
    }
}

public sealed class SqliteInboxStoreTests(SqliteStoreFixture fixture) : InboxStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>
{
    private const string ConversationsWithAnotherHead =
        """
        select count(*) from conversations c
        left join conversation_heads h on h.number = c.number and h.kind = c.kind and h.seq = c.seq and h.last_activity_at = c.last_activity_at
        where h.number is null
        """;

    private const string MembersWithAnotherNumber =
        """
        select count(*) from participants p
        join conversations c on c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id
        where p.conversation_number is not c.number
        """;

    [Fact]
    [Rule("L2")]
    public async Task Heads_AfterAppendsOfEveryKind_AreThoseOfTheConversations()
    {
        var tenant = await CreateAsync(fixture.Store);
        var (group, head) = await tenant.GroupAsync(texts: 2);
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Bob, "x"), tenant.Change()));
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Renamed)) with { Title = "Sit-down" });
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Cleo)) with
        {
            Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "hi")));
        (await fixture.Store.Log.AppendAsync(tenant.Append(group, head with { Rev = head.Rev - 1 }, tenant.Text(Ann, "too late")), Cancellation))
            .ShouldBeOfType<AppendResult.Fenced>();

        (await fixture.NumberAsync(ConversationsWithAnotherHead)).ShouldBe(0);
        (await fixture.NumberAsync("select count(*) from conversations") - await fixture.NumberAsync("select count(*) from conversation_heads")).ShouldBe(0);
        (await fixture.NumberAsync(MembersWithAnotherNumber)).ShouldBe(0);
    }
}

public sealed class PostgresInboxStoreTests(PostgresStoreFixture fixture) : InboxStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
