using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Posting while the log fails: what was acknowledged is stored once, what was not is stored at most once.</summary>
public sealed class LogFaultTests
{
    [Theory]
    [EveryStore]
    public async Task PostAsync_AppendFailsBeforeItWrote_IsWrittenByTheNextAttempt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Next(FaultyMessageLog.FailsBeforeWriting);

        var result = await host.Ann.PostsAsync(conversation, "second");

        result.Refusal.ShouldBeNull();
        result.Seq.ShouldBe(2);
        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["first", "second"]);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task PostAsync_AppendFailsAfterItWrote_IsStoredOnceAndAnsweredWithItsPlace(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        host.Log.Next(FaultyMessageLog.FailsAfterWriting); // the creation itself
        var first = await host.Ann.PostsAsync(conversation, "first", clientId);
        host.Log.Next(FaultyMessageLog.FailsAfterWriting);
        var second = await host.Bob.PostsAsync(conversation, "second");

        (first.Refusal, first.Seq, second.Refusal, second.Seq).ShouldBe((null, 1, null, 2));
        (await host.Ann.PostsAsync(conversation, "first", clientId)).Seq.ShouldBe(1);
        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["first", "second"]);
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_StoreStaysAway_IsRefusedWithAPauseAndRecoversByItself(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Always = FaultyMessageLog.FailsBeforeWriting;

        var refused = await host.Ann.PostsAsync(conversation, "second", clientId);
        refused.Refusal.ShouldBe(CommandRefusal.Unavailable);
        refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        host.Log.Appends.Count.ShouldBeLessThanOrEqualTo(1 + 3, "a store in trouble is not hammered");

        host.Log.Always = null;
        (await host.Ann.PostsAsync(conversation, "second", clientId)).Seq.ShouldBe(2);
        (await host.StoredAsync(conversation)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task PostAsync_RefusedAsUnavailableAlthoughWritten_IsADuplicateWhenRepeated()
    {
        await using var host = await ChatHost.StartAsync();
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Next(async (append, write) =>
        {
            host.Log.NextHeadReadsFail(10);
            return await FaultyMessageLog.FailsAfterWriting(append, write);
        });

        (await host.Ann.PostsAsync(conversation, "second", clientId)).Refusal.ShouldBe(CommandRefusal.Unavailable);
        host.Log.NextHeadReadsFail(0);
        var repeated = await host.Ann.PostsAsync(conversation, "second", clientId);

        (repeated.Refusal, repeated.Seq, repeated.Duplicate).ShouldBe((null, 2, true));
        (await host.Ann.PostsAsync(conversation, "third")).Seq.ShouldBe(3);
        (await host.StoredAsync(conversation)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task PostAsync_HeadCannotBeRead_IsRefusedAsUnavailable()
    {
        await using var host = await ChatHost.StartAsync();
        host.Log.NextHeadReadsFail(1);

        (await host.Ann.PostsAsync(host.Ann.With(host.Bob), "hi")).Refusal.ShouldBe(CommandRefusal.Unavailable);
        (await host.Ann.PostsAsync(host.Ann.With(host.Bob), "hi")).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task HistoryAsync_DatabaseDoesNotAnswer_CallerIsToldThatTheStoreIsUnavailable()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.BeforeReadMessages = () => throw new StoreUnavailableException("planned", new NpgsqlException("broken pipe"));

        var thrown = await Should.ThrowAsync<StoreUnavailableException>(() => host.Ann.ReadsAsync(conversation));

        thrown.Message.ShouldBe("planned");
        (await host.Ann.ReadsAsync(conversation)).Messages.ShouldHaveSingleItem();
    }

    [Fact]
    [Rule("M3")]
    public async Task PostAsync_AppendOutlastsTheCaller_IsUnknownThenTheSameAnswerWhenRepeated()
    {
        await using var host = await ChatHost.StartAsync(responseTimeout: TimeSpan.FromSeconds(2));
        var (conversation, clientId) = (host.Ann.With(host.Bob), Guid.NewGuid());
        var gate = host.Log.HoldNext();
        var post = host.Ann.PostsAsync(conversation, "hi", clientId);
        await gate.Reached;

        host.PassResponseTimeout();
        await Should.ThrowAsync<TimeoutException>(() => post);
        var repeated = host.Ann.PostsAsync(conversation, "hi", clientId);
        gate.Open();

        (await repeated).ShouldSatisfyAllConditions(
            result => result.Refusal.ShouldBeNull(),
            result => result.Seq.ShouldBe(1),
            result => result.Duplicate.ShouldBeTrue());
        (await host.StoredAsync(conversation)).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    public async Task PostAsync_AnotherWriterWasFaster_IsStoredBehindIt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Next(async (append, write) =>
        {
            await RivalWritesAsync(host, conversation, "rival");
            return await write();
        });

        var result = await host.Ann.PostsAsync(conversation, "second");

        (result.Refusal, result.Seq).ShouldBe((null, 3));
        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["first", "rival", "second"]);
        (await host.Ann.PostsAsync(conversation, "third")).Seq.ShouldBe(4);
    }

    [Theory]
    [EveryStore]
    [Rule("C1")]
    public async Task PostAsync_AnotherWriterCreatesTheConversationFirst_JoinsIt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        host.Log.Next(async (append, write) =>
        {
            await host.Store.Log.AppendAsync(
                append with { Entries = [((MessageEntry)append.Entries[0]) with { ClientId = Guid.NewGuid(), Text = "rival" }] }, CancellationToken.None);
            return await write();
        });

        (await host.Ann.PostsAsync(conversation, "mine")).Seq.ShouldBe(2);
        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["rival", "mine"]);
        (await host.Ann.ListsAsync()).Length.ShouldBe(1);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task PostAsync_AnotherWriterStoredTheSameCommand_IsTheSameAnswer(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Next(async (append, write) =>
        {
            await host.Store.Log.AppendAsync(append, CancellationToken.None);
            return await write();
        });

        var result = await host.Ann.PostsAsync(conversation, "second");

        (result.Refusal, result.Seq, result.Duplicate).ShouldBe((null, 2, true));
        (await host.StoredAsync(conversation)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task PostAsync_RemovedByAnotherWriterMeanwhile_IsNotFound()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        host.Log.Next(async (append, write) =>
        {
            await host.Store.Log.AppendAsync(
                new ConversationAppend
                {
                    TenantId = host.Tenant,
                    ConversationId = group,
                    Expected = append.Expected,
                    Entries = [Fact(host, SystemFactKind.Removed, host.Bob)],
                    Ends = [new MembershipEnd { UserId = host.Bob.Id, LeftSeq = append.Expected!.Value.Seq + 1 }],
                },
                CancellationToken.None);
            return await write();
        });

        (await host.Bob.PostsAsync(group, "too late")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Cleo.PostsAsync(group, "still here")).Refusal.ShouldBeNull();
        (await host.StoredAsync(group)).Select(message => message.Text).ShouldBe(["", "", "still here"]);
    }

    [Fact]
    public async Task PostAsync_OneOfTheBatchIsPoison_FailsAlone()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Always = (append, write) => append.Entries.OfType<MessageEntry>().Any(entry => entry.Text == "poison")
            ? Task.FromResult<AppendResult>(new AppendResult.Rejected("planned"))
            : write();
        var gate = host.Log.HoldNext();
        var held = host.Ann.PostsAsync(conversation, "held");
        await gate.Reached;
        var posts = new[] { "a", "poison", "b" }.Select(text => host.Bob.PostsAsync(conversation, text)).ToArray();
        gate.Open();
        await held;

        (await Task.WhenAll(posts)).Select(result => result.Refusal).ShouldBe([null, CommandRefusal.TextInvalid, null]);
        (await host.StoredAsync(conversation)).Select(message => message.Text).ShouldBe(["first", "held", "a", "b"]);
    }

    [Fact]
    public async Task PostAsync_ADefectInTheLog_FailsTheseAndNoLaterPosts()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(conversation, "first");
        host.Log.Next((_, _) => Task.FromException<AppendResult>(new InvalidOperationException("planned defect")));

        await Should.ThrowAsync<InvalidOperationException>(() => host.Ann.PostsAsync(conversation, "second"));
        (await host.Ann.PostsAsync(conversation, "third")).Seq.ShouldBe(2);
    }

    /// <summary>
    /// Three authors post and repeat until accepted while a third of all appends fail, before or after they wrote, or are
    /// fenced by a rival; then everything acknowledged is there, once, at the acknowledged place.
    /// </summary>
    [Theory]
    [InlineData(StoreKind.Sqlite, 1)]
    [InlineData(StoreKind.Sqlite, 2)]
    [InlineData(StoreKind.Sqlite, 3)]
    [InlineData(StoreKind.Postgres, 4)]
    [Rule("M1")]
    [Rule("M3")]
    public async Task PostAsync_AmidEveryFault_LosesNothingAndRepeatsNothing(StoreKind store, int seed)
    {
        Assert.SkipWhen(store == StoreKind.Postgres && PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var host = await ChatHost.StartAsync(store);
        var conversation = host.Ann.With(host.Bob);
        var random = new Random(seed);
        var rivals = 0;
        host.Log.Always = async (append, write) =>
        {
            int dice;
            lock (random)
            {
                dice = random.Next(100);
            }

            if (dice < 12)
            {
                return await FaultyMessageLog.FailsBeforeWriting(append, write);
            }

            if (dice < 24)
            {
                return await FaultyMessageLog.FailsAfterWriting(append, write);
            }

            if (dice < 34 && append.Expected is not null)
            {
                await RivalWritesAsync(host, conversation, $"rival {Interlocked.Increment(ref rivals)}");
            }

            return await write();
        };

        var acked = await Task.WhenAll(Enumerable.Range(0, 12).Select(async writer =>
        {
            var author = writer % 2 == 0 ? host.Ann : host.Bob;
            var accepted = new List<(Guid ClientId, string Text, CommandResult Result)>();
            for (var number = 0; number < 25; number++)
            {
                var (clientId, text) = (Guid.NewGuid(), $"{writer}/{number}");
                accepted.Add((clientId, text, await author.PostsUntilAcceptedAsync(conversation, text, clientId)));
                if (number % 5 == 0)
                {
                    (await author.PostsUntilAcceptedAsync(conversation, text, clientId)).Seq.ShouldBe(accepted[^1].Result.Seq);
                }
            }

            accepted.Select(post => post.Result.Seq).ShouldBeInOrder(SortDirection.Ascending);
            return accepted;
        }));

        host.Log.Always = null;
        var stored = (await host.StoredAsync(conversation)).ToDictionary(message => message.ClientId);
        foreach (var (clientId, text, result) in acked.SelectMany(accepted => accepted))
        {
            stored.ShouldContainKey(clientId);
            (stored[clientId].Seq, stored[clientId].Rev, stored[clientId].Time, stored[clientId].Text)
                .ShouldBe((result.Seq, result.Rev, result.Time, text), $"seed {seed}");
        }

        rivals.ShouldBeGreaterThan(0);
        stored.Count.ShouldBe(300 + stored.Values.Count(message => message.Text.StartsWith("rival", StringComparison.Ordinal)));
    }

    /// <summary>Another writer of the same conversation, behind the head as it is stored now.</summary>
    private static async Task RivalWritesAsync(ChatHost host, ConversationId conversation, string text)
    {
        var head = (await host.Store.Log.ReadConversationAsync(host.Tenant, conversation, CancellationToken.None))!.Head;
        await host.Store.Log.AppendAsync(
            new ConversationAppend
            {
                TenantId = host.Tenant,
                ConversationId = conversation,
                Expected = head,
                Entries =
                [
                    new MessageEntry
                    {
                        At = host.Time.GetUtcNow(),
                        Kind = MessageKind.Text,
                        AuthorId = host.Bob.Id,
                        ClientId = Guid.NewGuid(),
                        Text = text,
                    },
                ],
            },
            CancellationToken.None);
    }

    private static MessageEntry Fact(ChatHost host, SystemFactKind kind, TestUser target) => new()
    {
        At = host.Time.GetUtcNow(),
        Kind = MessageKind.System,
        AuthorId = host.Ann.Id,
        ClientId = Guid.NewGuid(),
        Text = string.Empty,
        Fact = new SystemFact { Kind = kind, Targets = [target.Id] },
    };
}
