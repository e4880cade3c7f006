using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IMessageLog"/> does.</summary>
public abstract class MessageLogCompliance
{
    private readonly StoreFixture _fixture;

    protected MessageLogCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ChatStore Store => _fixture.Store;

    private IMessageLog Log => Store.Log;

    [Fact]
    [Rule("M1")]
    public async Task AppendAsync_MessagesAndChanges_RevCountsAllAndSeqCountsMessages()
    {
        var tenant = await CreateAsync(Store);
        var head = await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "one"), tenant.Change(), tenant.Text(Bob, "two")));
        head = await tenant.WriteAsync(tenant.Append(AnnAndBob, head, tenant.Change(), tenant.Change(), tenant.Text(Ann, "three")));

        head.ShouldBe(new Head { Rev = 6, Seq = 3 });
        var read = (await tenant.ReadAsync(AnnAndBob, Bob)).ShouldNotBeNull();
        read.Head.ShouldBe(head);
        read.Messages.Select(message => (message.Seq, message.Rev, message.Text))
            .ShouldBe([(1, 1, "one"), (2, 3, "two"), (3, 6, "three")]);
        read.Messages.Select(message => message.AuthorName).ShouldBe(["Ann Archer", "Bob Baker", "Ann Archer"]);
    }

    [Fact]
    public async Task AppendAsync_EveryField_ReadsBackAsWritten()
    {
        var tenant = await CreateAsync(Store);
        var conversation = NewGroup();
        var historic = new DateTimeOffset(2019, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)).AddTicks(1_234_560);
        var text = tenant.Text(Ann, "snow ☃ and 𝄞, \"quotes\" and \n lines") with { At = historic };
        var fact = tenant.Fact(Bob, SystemFactKind.Renamed) with
        {
            Fact = new SystemFact { Kind = SystemFactKind.Renamed, Targets = [Cleo, UserId.Of("o'neil \"x\"")], Before = "Ä", After = "😀" },
        };
        await tenant.WriteAsync(tenant.Creation(conversation, [Ann, Bob], text, fact));

        var messages = (await tenant.ReadAsync(conversation, Ann)).ShouldNotBeNull().Messages;

        messages[0].ShouldSatisfyAllConditions(
            message => message.Kind.ShouldBe(MessageKind.Text),
            message => message.AuthorId.ShouldBe(Ann),
            message => message.ClientId.ShouldBe(text.ClientId),
            message => message.Text.ShouldBe(text.Text),
            message => message.Time.ShouldBe(historic),
            message => message.Fact.ShouldBeNull());
        var read = messages[1].Fact.ShouldNotBeNull();
        read.Targets.ShouldBe(fact.Fact.Targets);
        (read with { Targets = [] }).ShouldBe(fact.Fact with { Targets = [] });
    }

    [Fact]
    [Rule("C1")]
    public async Task AppendAsync_FiftyCreationsAtOnce_OneWinsAndOneConversationStands()
    {
        var tenant = await CreateAsync(Store);
        await using var rival = await OpenRivalAsync();
        var appends = Enumerable.Range(0, 50).Select(number => tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, $"first {number}"))).ToArray();

        var results = await Task.WhenAll(appends.Select((append, number) =>
            Task.Run(() => (number % 2 == 0 ? Store : rival.Store).Log.AppendAsync(append, Cancellation))));

        results.Count(result => result is AppendResult.Appended).ShouldBe(1);
        results.Count(result => result is AppendResult.Fenced).ShouldBe(49);
        var read = (await tenant.ReadAsync(AnnAndBob, Bob)).ShouldNotBeNull();
        read.Head.ShouldBe(new Head { Rev = 1, Seq = 1 });
        read.Messages.ShouldHaveSingleItem().ClientId
            .ShouldBe(((MessageEntry)appends[Array.FindIndex(results, result => result is AppendResult.Appended)].Entries[0]).ClientId);
    }

    [Fact]
    [Rule("M3")]
    public async Task AppendAsync_OneCreationRepeatedAtOnce_OneWinsAndTheRestNeverWriteTwice()
    {
        var tenant = await CreateAsync(Store);
        var append = tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "first"));

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Log.AppendAsync(append, Cancellation))));

        results.Count(result => result is AppendResult.Appended).ShouldBe(1);
        results.Count(result => result is AppendResult.Fenced or AppendResult.Duplicates).ShouldBe(49);
        (await tenant.ReadAsync(AnnAndBob, Ann)).ShouldNotBeNull().Messages.Length.ShouldBe(1);
    }

    [Fact]
    public async Task AppendAsync_HeadHasMoved_IsFencedAndWritesNothing()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);
        var moved = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Text(Bob, "moved")));

        foreach (var stale in (Head[])[head, moved with { Rev = moved.Rev + 1 }, moved with { Seq = moved.Seq - 1 }])
        {
            var append = tenant.Append(conversation, stale, tenant.Text(Ann, "stale")) with
            {
                Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = 1, ReadSeq = 0 }],
                Ends = [new MembershipEnd { UserId = Bob, LeftSeq = 9 }],
                Title = "stale",
            };
            (await Log.AppendAsync(append, Cancellation)).ShouldBeOfType<AppendResult.Fenced>();
        }

        var stored = (await Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull();
        stored.Head.ShouldBe(moved);
        stored.Title.ShouldBe("Standup");
        stored.Members.ShouldBe([Ann, Bob], ignoreOrder: true);
        (await tenant.ReadAsync(conversation, Bob)).ShouldNotBeNull().Messages.Length.ShouldBe(3);
    }

    [Fact]
    public async Task AppendAsync_UnknownConversationWithAHead_IsFenced()
    {
        var tenant = await CreateAsync(Store);

        (await Log.AppendAsync(tenant.Append(NewGroup(), new Head { Rev = 1, Seq = 1 }, tenant.Text(Ann, "x")), Cancellation))
            .ShouldBeOfType<AppendResult.Fenced>();
    }

    [Fact]
    public async Task AppendAsync_TwoWritersOfOneConversation_NeverForkOrLeaveAGap()
    {
        const int AppendsEach = 200;
        var tenant = await CreateAsync(Store);
        await using var rival = await OpenRivalAsync();
        var (conversation, _) = await tenant.GroupAsync(texts: 0);

        var acknowledged = await Task.WhenAll(WriteUntilDoneAsync(Store, "a"), WriteUntilDoneAsync(rival.Store, "b"));

        var stored = (await Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull();
        stored.Head.Seq.ShouldBe(1 + (2 * AppendsEach));
        var texts = new List<string>();
        for (var seq = 1L; seq <= stored.Head.Seq; seq += IMessageLog.PageRowsMax)
        {
            var page = (await tenant.ReadAsync(conversation, Ann, seq)).ShouldNotBeNull().Messages;
            page.Select(message => message.Seq).ShouldBe(Enumerable.Range((int)seq, page.Length).Select(number => (long)number));
            page.Select(message => message.Rev).ShouldBe(page.Select(message => message.Seq));
            texts.AddRange(page.Skip(seq == 1 ? 1 : 0).Select(message => message.Text));
        }

        texts.ShouldBe(acknowledged.SelectMany(own => own).OrderBy(own => own.Seq).Select(own => own.Text));

        async Task<List<(long Seq, string Text)>> WriteUntilDoneAsync(ChatStore store, string name)
        {
            var own = new List<(long, string)>();
            while (own.Count < AppendsEach)
            {
                var head = (await store.Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull().Head;
                while (own.Count < AppendsEach)
                {
                    var text = $"{name}{own.Count}";
                    if (await store.Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Ann, text)), Cancellation) is not AppendResult.Appended appended)
                    {
                        break;
                    }

                    head = appended.Head;
                    own.Add((head.Seq, text));
                }
            }

            return own;
        }
    }

    [Fact]
    [Rule("M3")]
    public async Task AppendAsync_SameCommandAgain_AnswersTheFirstPlaceAndWritesNothing()
    {
        var tenant = await CreateAsync(Store);
        var command = tenant.Text(Ann, "once");
        var head = await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Change(), command, tenant.Text(Bob, "later")));

        foreach (var expected in (Head?[])[head, new Head { Rev = 1, Seq = 0 }])
        {
            var append = tenant.Append(AnnAndBob, expected!.Value, tenant.Text(Ann, "new"), command with { At = tenant.NextMinute() });
            var duplicate = (await Log.AppendAsync(append, Cancellation)).ShouldBeOfType<AppendResult.Duplicates>().Commands.ShouldHaveSingleItem();
            duplicate.ShouldBe(new StoredCommand
            {
                Id = new CommandId(Ann, command.ClientId),
                Seq = 1,
                Rev = 2,
                At = command.At,
                ContentHash = ContentHash.OfText("once"),
            });
        }

        (await tenant.ReadAsync(AnnAndBob, Ann)).ShouldNotBeNull().Head.ShouldBe(head);
    }

    [Fact]
    [Rule("M3")]
    public async Task AppendAsync_SameCommandOtherContent_HashTellsTheDifference()
    {
        var tenant = await CreateAsync(Store);
        var command = tenant.Text(Ann, "once");
        var head = await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], command));

        var result = await Log.AppendAsync(tenant.Append(AnnAndBob, head, command with { Text = "twice" }), Cancellation);

        var stored = result.ShouldBeOfType<AppendResult.Duplicates>().Commands.ShouldHaveSingleItem();
        stored.ContentHash.ShouldBe(ContentHash.OfText("once"));
        stored.ContentHash.ShouldNotBe(ContentHash.OfText("twice"));
    }

    [Fact]
    [Rule("M3")]
    public async Task AppendAsync_SameClientIdOfAnotherAuthorOrConversation_IsAnotherCommand()
    {
        var tenant = await CreateAsync(Store);
        var id = Guid.NewGuid();
        var head = await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "x", id)));

        await tenant.WriteAsync(tenant.Append(AnnAndBob, head, tenant.Text(Bob, "x", id)));
        await tenant.WriteAsync(tenant.Creation(NewGroup(), [Ann, Bob], tenant.Text(Ann, "x", id)));
    }

    [Fact]
    [Rule("M3")]
    public async Task FindCommandsAsync_StoredAndUnknown_AnswersTheStoredOnes()
    {
        var tenant = await CreateAsync(Store);
        var (one, two) = (tenant.Text(Ann, "one"), tenant.Text(Bob, "two"));
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], one, two));

        var found = await Log.FindCommandsAsync(
            tenant.Id, AnnAndBob, [new(Ann, one.ClientId), new(Bob, one.ClientId), new(Bob, two.ClientId), new(Ann, Guid.NewGuid())], Cancellation);

        found.Select(command => (command.Id.AuthorId, command.Seq)).ShouldBe([(Ann, 1), (Bob, 2)], ignoreOrder: true);
        (await Log.FindCommandsAsync(tenant.Id, AnnAndBob, [], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AppendAsync_ManyConversationsOneStaleOnePoisoned_OnlyThoseTwoFail()
    {
        await _fixture.PoisonAsync("hemlock");
        var tenant = await CreateAsync(Store);
        var groups = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tenant.GroupAsync(texts: 1)));
        var appends = groups.Select((group, index) => tenant.Append(
            group.Conversation,
            index == 7 ? group.Head with { Rev = 1, Seq = 1 } : group.Head,
            tenant.Text(Ann, "before"),
            tenant.Text(Ann, index == 13 ? "hemlock" : "fine"))).ToArray();

        var (results, commitRows) = await InOneCommitAsync(tenant, appends);

        results.Select((result, index) => (index, result.GetType())).ShouldBe(
            Enumerable.Range(0, 20).Select(index => (index, index switch
            {
                7 => typeof(AppendResult.Fenced),
                13 => typeof(AppendResult.Rejected),
                _ => typeof(AppendResult.Appended),
            })));
        commitRows.Sum().ShouldBe(18 * 2);
        foreach (var (index, (conversation, head)) in groups.Index())
        {
            var read = (await tenant.ReadAsync(conversation, Bob)).ShouldNotBeNull();
            read.Head.ShouldBe(index is 7 or 13 ? head : new Head { Rev = head.Rev + 2, Seq = head.Seq + 2 });
            read.Messages.Length.ShouldBe((int)read.Head.Seq);
        }
    }

    [Fact]
    public async Task AppendAsync_ManyConversationsAtOnce_ShareOneCommit()
    {
        var tenant = await CreateAsync(Store);
        var groups = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tenant.GroupAsync(texts: 0)));
        var creations = Enumerable.Range(0, 20).Select(_ => tenant.Creation(NewGroup(), [Ann, Bob], tenant.Text(Ann, "new")));

        var (results, commitRows) = await InOneCommitAsync(
            tenant, [.. groups.Select(group => tenant.Append(group.Conversation, group.Head, tenant.Text(Ann, "old"), tenant.Change())), .. creations]);

        results.ShouldAllBe(result => result is AppendResult.Appended);
        commitRows.ShouldBe([60]);
    }

    [Fact]
    public async Task AppendAsync_QueueIsFull_IsUnavailableAtOnceAndTheQueuedOnesAreAnswered()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);
        using var probe = new CommitProbe(Store);
        Task<AppendResult> occupying;
        Task<AppendResult>[] queued;
        await using (await _fixture.HoldCommitsAsync())
        {
            occupying = Log.AppendAsync(tenant.Append(conversation, head, tenant.Change()), Cancellation);
            await probe.QueueLengthAsync(0);
            queued = [.. Enumerable.Range(0, _fixture.Options.QueueLengthMax).Select(_ => Log.AppendAsync(tenant.Append(NewGroup(), head, tenant.Text(Ann, "x")), Cancellation))];

            await Should.ThrowAsync<StoreUnavailableException>(() => Log.AppendAsync(tenant.Append(NewGroup(), head, tenant.Text(Ann, "x")), Cancellation));
        }

        (await occupying).ShouldBeOfType<AppendResult.Appended>();
        (await Task.WhenAll(queued)).ShouldAllBe(result => result is AppendResult.Fenced);
    }

    [Fact]
    public async Task AppendAsync_AuthorUnknown_IsRejectedAndWritesNothing()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);

        (await Log.AppendAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x"), tenant.Text(UserId.Of("nobody"), "y")), Cancellation))
            .ShouldBeOfType<AppendResult.Rejected>();

        (await tenant.ReadAsync(conversation, Ann)).ShouldNotBeNull().Head.ShouldBe(head);
        await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")));
    }

    public static TheoryData<string> InvalidTexts => ["a\0b", "\0", "lone \uD83D", "\uDE00 lone", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"];

    [Theory]
    [MemberData(nameof(InvalidTexts), DisableDiscoveryEnumeration = true)]
    public async Task AppendAsync_TextThatNotEveryStoreHolds_IsRejected(string text)
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);
        var fact = tenant.Fact(Ann, SystemFactKind.Renamed);
        ImmutableArray<ConversationAppend> appends =
        [
            tenant.Append(conversation, head, tenant.Text(Ann, text)),
            tenant.Append(conversation, head, fact with { Fact = fact.Fact! with { After = text } }),
            tenant.Append(conversation, head, tenant.Change(kind: text)),
            tenant.Append(conversation, head, tenant.Change(payload: System.Text.Json.JsonSerializer.Serialize("x") + text)),
            tenant.Append(conversation, head, tenant.Text(Ann, "x")) with { Title = text },
        ];

        foreach (var append in appends)
        {
            (await Log.AppendAsync(append, Cancellation)).ShouldBeOfType<AppendResult.Rejected>();
        }

        (await tenant.ReadAsync(conversation, Ann)).ShouldNotBeNull().Head.ShouldBe(head);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"a":"\u0000"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("1e999999")]
    public async Task AppendAsync_PayloadThatNotEveryStoreHolds_IsRejected(string payload)
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);

        (await Log.AppendAsync(tenant.Append(conversation, head, tenant.Change(payload: payload)), Cancellation))
            .ShouldBeOfType<AppendResult.Rejected>();
    }

    [Fact]
    public async Task AppendAsync_OutOfItsBounds_IsRejected()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);
        var text = tenant.Text(Ann, "x");
        var creation = tenant.Creation(NewGroup(), [Ann], text);
        ImmutableArray<ConversationAppend> appends =
        [
            tenant.Append(conversation, head),
            tenant.Append(conversation, head, text) with { Entries = default },
            tenant.Append(conversation, head, [.. Enumerable.Range(0, IMessageLog.AppendEntriesMax + 1).Select(_ => tenant.Text(Ann, "x"))]),
            tenant.Append(conversation, head, text, text),
            tenant.Append(conversation, head, text) with { Creation = creation.Creation },
            creation with { Creation = null },
            tenant.Append(conversation, new Head { Rev = 1, Seq = 2 }, text),
            tenant.Append(conversation, new Head { Rev = long.MaxValue, Seq = 1 }, text),
            tenant.Append(conversation, head, text with { Fact = new SystemFact { Kind = SystemFactKind.Left } }),
            tenant.Append(conversation, head, text with { Kind = MessageKind.System }),
            tenant.Append(conversation, head, text) with
            {
                Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = 2, ReadSeq = 1 }],
                Ends = [new MembershipEnd { UserId = Bob, LeftSeq = 2 }],
            },
        ];

        foreach (var append in appends)
        {
            (await Log.AppendAsync(append, Cancellation)).ShouldBeOfType<AppendResult.Rejected>();
        }

        (await tenant.ReadAsync(conversation, Ann)).ShouldNotBeNull().Head.ShouldBe(head);
    }

    [Fact]
    public async Task AppendAsync_AsManyEntriesAsAllowed_AreStored()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);

        var after = await tenant.WriteAsync(
            tenant.Append(conversation, head, [.. Enumerable.Range(0, IMessageLog.AppendEntriesMax).Select(_ => tenant.Text(Ann, "x"))]));

        after.Seq.ShouldBe(head.Seq + IMessageLog.AppendEntriesMax);
    }

    [Fact]
    [Rule("M11")]
    public async Task ReadMessagesAsync_Range_AnswersItInOrderUpToAPage()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 250);

        (await SeqsAsync(10, 20)).ShouldBe(Range(10, 20));
        (await SeqsAsync(1, long.MaxValue)).ShouldBe(Range(1, 200));
        (await SeqsAsync(240, 1000)).ShouldBe(Range(240, head.Seq));
        (await SeqsAsync(-5, 2)).ShouldBe(Range(1, 2));
        (await SeqsAsync(300, 400)).ShouldBeEmpty();
        (await SeqsAsync(20, 10)).ShouldBeEmpty();

        async Task<IEnumerable<long>> SeqsAsync(long from, long to) =>
            (await tenant.ReadAsync(conversation, Bob, from, to)).ShouldNotBeNull().Messages.Select(message => message.Seq);

        static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(number => (long)number);
    }

    [Fact]
    [Rule("C10")]
    public async Task Reads_NotAMember_AnswerNullAndEmptyPageIsSomethingElse()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);

        (await tenant.ReadAsync(conversation, Cleo)).ShouldBeNull();
        (await tenant.ChangesAsync(conversation, Cleo, 0)).ShouldBeNull();
        (await tenant.ReadAsync(NewGroup(), Ann)).ShouldBeNull();
        (await tenant.ChangesAsync(NewGroup(), null, 0)).ShouldBeNull();
        (await tenant.ReadAsync(conversation, Ann, 99)).ShouldNotBeNull().Messages.ShouldBeEmpty();
        (await tenant.ChangesAsync(conversation, Ann, head.Rev)).ShouldNotBeNull().Changes.ShouldBeEmpty();
    }

    [Fact]
    [Rule("C10")]
    [Rule("C11")]
    public async Task Reads_RemovedAndAddedAgain_AccessEndsAndReturns()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);

        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Removed, Bob)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        (await tenant.ReadAsync(conversation, Bob)).ShouldBeNull();
        (await tenant.ChangesAsync(conversation, Bob, 0)).ShouldBeNull();
        (await MembersAsync()).ShouldBe(("ann", head.Rev));

        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Text(Ann, "alone")));
        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Added, Bob)) with
        {
            Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });
        var read = (await tenant.ReadAsync(conversation, Bob)).ShouldNotBeNull();
        read.Messages.Length.ShouldBe(5);
        read.ReadSeq.ShouldBe(head.Seq - 1);
        (await MembersAsync()).ShouldBe(("ann bob", head.Rev));

        async Task<(string Members, long MembersRev)> MembersAsync()
        {
            var stored = (await Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull();
            return (string.Join(' ', stored.Members.Select(member => member.Value).Order(StringComparer.Ordinal)), stored.MembersRev);
        }
    }

    [Fact]
    [Rule("C9")]
    public async Task AppendAsync_MembershipEndsAndBeginsAgain_KeepsBothIntervals()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 1);
        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Removed, Bob)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = 3 }],
        });
        await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Added, Bob)) with
        {
            Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = 4, ReadSeq = 3 }],
        });

        var where = $"from participants where tenant_id = '{tenant.Id}' and conversation_id = '{conversation}' and user_id = 'bob'";
        (await _fixture.NumberAsync($"select count(*) {where}")).ShouldBe(2);
        (await _fixture.NumberAsync($"select count(*) {where} and joined_seq = 1 and left_seq = 3 and joined_rev = 1 and left_rev = 3")).ShouldBe(1);
        (await _fixture.NumberAsync($"select count(*) {where} and joined_seq = 4 and left_seq is null and read_seq = 3 and read_version = 3")).ShouldBe(1);
    }

    [Fact]
    public async Task AppendAsync_MembershipBeginsForAMember_LeavesThemAsTheyAre()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 3);
        await Store.Inbox.MarkReadAsync(tenant.Id, Bob, conversation, 2, Cancellation);

        await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Added, Bob)) with
        {
            Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = 5, ReadSeq = 4 }],
        });

        (await tenant.ReadAsync(conversation, Bob)).ShouldNotBeNull().ReadSeq.ShouldBe(2);
    }

    [Fact]
    public async Task MembersRev_ChangeAmongOtherEntries_IsTheRevOfItsFact()
    {
        var tenant = await CreateAsync(Store);
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "one"), tenant.Text(Ann, "two")));
        (await MembersRevAsync(AnnAndBob)).ShouldBe(1);
        var (group, groupHead) = await tenant.GroupAsync(texts: 2);
        groupHead = await tenant.WriteAsync(
            tenant.Append(group, groupHead, tenant.Text(Bob, "x"), tenant.Fact(Ann, SystemFactKind.Added, Cleo), tenant.Text(Bob, "y")) with
            {
                Begins = [new MembershipBegin { UserId = Cleo, JoinedSeq = groupHead.Seq + 2, ReadSeq = groupHead.Seq + 1 }],
            });
        (await MembersRevAsync(group)).ShouldBe(5);
        await tenant.WriteAsync(tenant.Append(group, groupHead, tenant.Fact(Ann, SystemFactKind.Renamed)));
        (await MembersRevAsync(group)).ShouldBe(5);

        async Task<long> MembersRevAsync(ConversationId conversation) =>
            (await Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull().MembersRev;
    }

    [Fact]
    [Rule("C5")]
    public async Task AppendAsync_Title_ReplacesTheOldOneOrKeepsIt()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 0);

        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Fact(Ann, SystemFactKind.Renamed)) with { Title = "Späti" });
        await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Text(Ann, "x")));

        var stored = (await Log.ReadConversationAsync(tenant.Id, conversation, Cancellation)).ShouldNotBeNull();
        stored.Title.ShouldBe("Späti");
        stored.Kind.ShouldBe(ConversationKind.Group);
        stored.MembersRev.ShouldBe(1);
    }

    [Fact]
    [Rule("M12")]
    public async Task ReadChangesAsync_MessagesAndOtherChanges_AnswersEachRevOnce()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 2);
        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Change(), tenant.Text(Bob, "x"), tenant.Change(), tenant.Change(), tenant.Text(Bob, "y")));
        head = await tenant.WriteAsync(tenant.Append(conversation, head, tenant.Change()));

        for (var since = 0L; since <= head.Rev; since++)
        {
            var read = (await tenant.ChangesAsync(conversation, since % 2 == 0 ? Bob : null, since)).ShouldNotBeNull();
            read.Reset.ShouldBeFalse();
            read.Head.ShouldBe(head);
            read.MembersRev.ShouldBe(1);
            read.Changes.Select(change => change.Rev).ShouldBe(Enumerable.Range((int)since + 1, (int)(head.Rev - since)).Select(rev => (long)rev));
            read.Changes.Where(change => change.Posted is null).Select(change => change.Rev).ShouldBe(new long[] { 4, 6, 7, 9 }.Where(rev => rev > since));
            read.Changes.ShouldAllBe(change => change.Posted == null || change.Posted.Rev == change.Rev);
        }
    }

    [Fact]
    [Rule("M12")]
    public async Task ReadChangesAsync_BehindByAPageAndByOneMore_AnswersAndResets()
    {
        var tenant = await CreateAsync(Store);
        var (conversation, head) = await tenant.GroupAsync(texts: 150);
        head = await tenant.WriteAsync(tenant.Append(conversation, head, [.. Enumerable.Range(0, 150).Select(_ => tenant.Change())]));

        var page = (await tenant.ChangesAsync(conversation, Bob, head.Rev - 200)).ShouldNotBeNull();
        page.Reset.ShouldBeFalse();
        page.Changes.Length.ShouldBe(200);
        foreach (var since in (long[])[head.Rev - 201, 0, -1, head.Rev + 1, long.MaxValue])
        {
            var reset = (await tenant.ChangesAsync(conversation, Bob, since)).ShouldNotBeNull();
            reset.Reset.ShouldBeTrue();
            reset.Changes.ShouldBeEmpty();
            reset.Head.ShouldBe(head);
        }
    }

    [Fact]
    [Rule("M12")]
    public async Task ReadChangesOfManyAsync_EveryKindOfPoint_AnswersWhatTheReadOfOneAnswers()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var (mixed, head) = await tenant.GroupAsync(texts: 2);
        head = await tenant.WriteAsync(tenant.Append(mixed, head, tenant.Change(), tenant.Text(Bob, "x"), tenant.Change(), tenant.Text(Bob, "ü")));
        var (far, _) = await tenant.GroupAsync(texts: 300);
        var (left, leftHead) = await tenant.GroupAsync(texts: 1);
        await tenant.WriteAsync(tenant.Append(left, leftHead, tenant.Fact(Ann, SystemFactKind.Removed, Bob)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = leftHead.Seq + 1 }],
        });
        var foreign = (await other.GroupAsync(texts: 1)).Conversation;
        (ConversationId, long)[] points =
        [
            (mixed, 0), (mixed, 3), (far, 100), (far, 101), (NewGroup(), 0), (mixed, head.Rev), (left, 0), (mixed, head.Rev + 1), (foreign, 0), (mixed, -1), (mixed, 3), (far, long.MaxValue),
        ];

        var reads = await tenant.ChangesOfManyAsync(Bob, points);

        reads.Length.ShouldBe(points.Length);
        foreach (var ((conversation, since), read) in points.Zip(reads))
        {
            var one = await tenant.ChangesAsync(conversation, Bob, since);
            (read is null).ShouldBe(one is null);
            (read?.Head, read?.MembersRev, read?.Reset).ShouldBe((one?.Head, one?.MembersRev, one?.Reset));
            Describe(read).ShouldBe(Describe(one));
        }

        reads.Select(read => read?.Changes.Length).ShouldBe([7, 4, 0, 200, null, 0, null, 0, null, 7, 4, 0]);
        (await tenant.ChangesOfManyAsync(Bob)).ShouldBeEmpty();
        (await other.ChangesOfManyAsync(Bob, (mixed, 0))).ShouldBe([null]);

        static string Describe(ChangesRead? read) =>
            string.Join('\n', read?.Changes.Select(change => $"{change.Rev} {change.Posted?.Seq} {change.Posted?.AuthorName} {change.Posted?.Text} {change.Posted?.Fact?.Kind}") ?? []);
    }

    [Fact]
    [Rule("M12")]
    public async Task ReadChangesOfManyAsync_MoreRowsThanItsBudget_ResetsTheRest()
    {
        var tenant = await CreateAsync(Store);
        var groups = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => tenant.GroupAsync(texts: number == 0 ? 1_000 : 199)));

        var reads = await tenant.ChangesOfManyAsync(Bob, [.. groups.Select(group => (group.Conversation, 0L))]);

        // The first is longer than a page, which costs nothing; ten pages fit.
        reads.Select(read => read!.Reset).ShouldBe([true, .. Enumerable.Repeat(false, 10), true]);
        reads.Select(read => read!.Changes.Length).ShouldBe([0, .. Enumerable.Repeat(200, 10), 0]);
        reads[^1]!.Head.ShouldBe(groups[^1].Head);
    }

    [Fact]
    [Rule("M12")]
    public async Task ReadChangesOfManyAsync_MoreTextThanItsBudget_ResetsTheHugeOneAndTheRest()
    {
        const int Kibibyte = 1_024;
        var tenant = await CreateAsync(Store);
        var huge = await GroupAsync(texts: 40, kibibytes: 30);
        var half = await GroupAsync(texts: 20, kibibytes: 30);
        var small = await GroupAsync(texts: 10, kibibytes: 1);

        var reads = await tenant.ChangesOfManyAsync(Bob, (small, 0), (huge, 0), (half, 0), (small, 5), (half, 0), (small, 0), (small, 11));

        reads.Select(read => (read!.Reset, read.Changes.Length))
            .ShouldBe([(false, 11), (true, 0), (false, 21), (false, 6), (true, 0), (true, 0), (false, 0)]);

        async Task<ConversationId> GroupAsync(int texts, int kibibytes)
        {
            var (conversation, head) = await tenant.GroupAsync(texts: 0);
            var text = string.Concat(Enumerable.Repeat("é", kibibytes * Kibibyte / 2));
            await tenant.WriteAsync(tenant.Append(conversation, head, [.. Enumerable.Range(0, texts).Select(_ => tenant.Text(Ann, text))]));
            return conversation;
        }
    }

    [Fact]
    public async Task ReadRecentAsync_SomeStoredLately_AnswersTheirRevsOfTheseTenants()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var (old, _) = await tenant.GroupAsync(texts: 1);
        var (both, head) = await tenant.GroupAsync(texts: 1);
        await other.GroupAsync(texts: 1);
        await _fixture.AgeAsync();
        var window = TimeSpan.FromMinutes(10);
        head = await tenant.WriteAsync(tenant.Append(both, head, tenant.Change(), tenant.Text(Ann, "x"), tenant.Change()));
        var (created, createdHead) = await tenant.GroupAsync(texts: 1);
        await other.GroupAsync(texts: 1);

        var recent = await Log.ReadRecentAsync([tenant.Id, TenantId.Of("nobody's")], window, Cancellation);

        recent.Select(change => (change.TenantId, change.ConversationId, change.FromRev, change.ToRev))
            .ShouldBe([(tenant.Id, both, 3, head.Rev), (tenant.Id, created, 1, createdHead.Rev)], ignoreOrder: true);
        recent.ShouldAllBe(change => change.ConversationId != old);
        (await Log.ReadRecentAsync([], window, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    [Rule("R3")]
    public async Task EveryMethod_SameIdsInAnotherTenant_SeesNothingOfThisOne()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        var command = tenant.Text(Ann, "secret");
        var head = await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], command, tenant.Text(Bob, "two")));

        (await other.ReadAsync(AnnAndBob, Ann)).ShouldBeNull();
        (await other.ChangesAsync(AnnAndBob, null, 0)).ShouldBeNull();
        (await Log.ReadConversationAsync(other.Id, AnnAndBob, Cancellation)).ShouldBeNull();
        (await Log.FindCommandsAsync(other.Id, AnnAndBob, [new(Ann, command.ClientId)], Cancellation)).ShouldBeEmpty();
        (await Log.AppendAsync(other.Append(AnnAndBob, head, other.Text(Ann, "x")), Cancellation)).ShouldBeOfType<AppendResult.Fenced>();
        (await other.WriteAsync(other.Creation(AnnAndBob, [Ann, Bob], command))).Seq.ShouldBe(1);
        (await tenant.ReadAsync(AnnAndBob, Ann)).ShouldNotBeNull().Head.ShouldBe(head);
    }

    // A first write occupies the writer while commits are held; what follows meanwhile waits together.
    private async Task<(AppendResult[] Results, IReadOnlyList<int> CommitRows)> InOneCommitAsync(
        TestTenant tenant, ConversationAppend[] appends)
    {
        var (occupied, head) = await tenant.GroupAsync(texts: 0);
        using var probe = new CommitProbe(Store);
        Task<AppendResult> occupying;
        Task<AppendResult>[] writes;
        await using (await _fixture.HoldCommitsAsync())
        {
            occupying = Log.AppendAsync(tenant.Append(occupied, head, tenant.Change()), Cancellation);
            await probe.QueueLengthAsync(0);
            writes = [.. appends.Select(append => Log.AppendAsync(append, Cancellation))];
            await probe.QueueLengthAsync(appends.Length);
        }

        (await occupying).ShouldBeOfType<AppendResult.Appended>();
        var results = await Task.WhenAll(writes);
        probe.CommitRows[0].ShouldBe(1);
        return (results, [.. probe.CommitRows.Skip(1)]);
    }

    private async Task<Rival> OpenRivalAsync() => new(await _fixture.OpenRivalAsync(), Store);

    private sealed record Rival(ChatStore Store, ChatStore Own) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ReferenceEquals(Store, Own) ? ValueTask.CompletedTask : Store.DisposeAsync();
    }
}

public sealed class SqliteMessageLogTests(SqliteStoreFixture fixture) : MessageLogCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresMessageLogTests(PostgresStoreFixture fixture) : MessageLogCompliance(fixture), IClassFixture<PostgresStoreFixture>;
