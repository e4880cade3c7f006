using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
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
        var walked = new List<InboxRow>();
        InboxPosition? position = null;
        do
        {
            var page = await Inbox.ListAsync(tenant.Id, Bob, null, position, 5, Cancellation);
            page.Rows.Length.ShouldBeLessThanOrEqualTo(5);
            walked.AddRange(page.Rows);
            position = page.Next;
        }
        while (position is not null);

        all.Rows.Length.ShouldBe(23);
        all.Next.ShouldBeNull();
        walked.Select(row => row.ConversationId).ShouldBe(all.Rows.Select(row => row.ConversationId));
        all.Rows.ShouldBe(all.Rows
            .OrderBy(row => row.Basis.Unread > 0 ? 1 : 2)
            .ThenByDescending(row => row.LastActivity)
            .ThenBy(row => row.ConversationId.Value, StringComparer.Ordinal));
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

public sealed class SqliteInboxStoreTests(SqliteStoreFixture fixture) : InboxStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresInboxStoreTests(PostgresStoreFixture fixture) : InboxStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
