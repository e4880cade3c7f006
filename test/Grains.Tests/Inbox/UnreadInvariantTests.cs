using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

/// <summary>Folding what was published over any old basis gives what a fresh statement says.</summary>
public sealed class UnreadInvariantTests
{
    [Theory]
    [InlineData(StoreKind.Sqlite, 11)]
    [InlineData(StoreKind.Sqlite, 12)]
    [InlineData(StoreKind.Sqlite, 13)]
    [InlineData(StoreKind.Postgres, 14)]
    [InlineData(StoreKind.Postgres, 15)]
    [Rule("U3")]
    [Rule("U4")]
    [Rule("U8")]
    [Rule("U11")]
    [Rule("M9")]
    [Rule("M10")]
    [Rule("M14")]
    public async Task Basis_OldOneMovedByEvents_EqualsAFreshOne(StoreKind store, int seed)
    {
        Assert.SkipWhen(store == StoreKind.Postgres && PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        await using var host = await ChatHost.StartAsync(store);
        var random = new Random(seed);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var people = new[] { host.Ann, host.Bob, host.Cleo };
        var conversations = new (ConversationId Id, ConversationKind Kind, List<TestUser> Members)[]
        {
            (host.Ann.With(host.Bob), ConversationKind.Direct, [host.Ann, host.Bob]),
            (host.Ann.With(host.Cleo), ConversationKind.Direct, [host.Ann, host.Cleo]),
            (host.Bob.With(host.Bob), ConversationKind.Direct, [host.Bob]),
            (group, ConversationKind.Group, [host.Ann, host.Bob]),
        };
        var gateway = new TestGateway(host);
        var seen = new List<(TestUser User, ConversationId Conversation, ConversationKind Kind, UnreadBasis Basis)>();
        for (var step = 0; step < 250; step++)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 3_000)));
            var (id, kind, members) = conversations[random.Next(conversations.Length)];
            var member = members[random.Next(members.Count)];
            switch (random.Next(16))
            {
                case < 6:
                    (await member.PostsAsync(id, $"step {step}{await MentionAsync()}")).Refusal.ShouldBeNull();
                    break;
                case < 8:
                    await EditsAsync(member, id, $"edited {step}{await MentionAsync()}");
                    break;
                case 8:
                    await DeletesAsync(member, id);
                    break;
                case 9:
                    await member.ReactsAsync(id, 1 + random.Next(5), "\U0001F44D", add: random.Next(2) == 0);
                    break;
                case < 12: // Several devices of one person at once.
                    await Task.WhenAll(
                        member.MarksReadAsync(id, random.Next(1 + (step / 3))),
                        member.MarksReadAsync(id, random.Next(1 + (step / 3))),
                        member.MarksUnreadAsync(id, 1 + random.Next(1 + (step / 3))));
                    break;
                case 12:
                    await member.MarksReadAsync(id, random.Next(1 + (step / 3)));
                    break;
                case 13:
                    var all = await member.MarksAllReadAsync();
                    if (random.Next(2) == 0 && all.Undo is { } undo)
                    {
                        (await member.UndoesAsync(undo)).Expired.ShouldBeFalse();
                    }

                    break;
                case 14:
                    await member.SetsNotificationsAsync(
                        id, mute: random.Next(3) == 0 ? MuteChange.Off : MuteChange.On,
                        until: random.Next(2) == 0 ? host.Time.GetUtcNow().AddSeconds(random.Next(60)) : null);
                    break;
                case 15 when id == group && members.Count == 2 && step > 80:
                    await AddAsync(host, group, host.Cleo);
                    members.Add(host.Cleo);
                    break;
            }

            foreach (var user in people)
            {
                if (random.Next(3) == 0 && await user.CountsAsync(id) is { } basis)
                {
                    seen.Add((user, id, kind, basis));
                }
            }
        }

        if (conversations[3].Members.Count == 2)
        {
            await AddAsync(host, group, host.Cleo);
            conversations[3].Members.Add(host.Cleo);
        }

        foreach (var (id, kind, members) in conversations)
        {
            var changes = await ChangesAsync(host, id);
            foreach (var user in members)
            {
                var bases = seen.Where(basis => basis.User == user && basis.Conversation == id).Select(basis => basis.Basis)
                    .Append((await user.CountsAsync(id))!).ToArray();
                foreach (var versions in bases.GroupBy(basis => basis.ReadVersion))
                {
                    ShouldFollow([.. versions.OrderBy(basis => basis.Rev)], changes, user.Id, kind, seed);
                }

                bases.Aggregate(UnreadRules.Choose).ShouldBe(bases[^1]);
            }
        }

        async Task<string> MentionAsync()
        {
            await gateway.BeatsAsync(people[random.Next(people.Length)]);
            return random.Next(6) switch
            {
                0 => " <!all>",
                1 => " <!here>",
                < 4 => $" <@{people[random.Next(people.Length)].Id}>",
                _ => string.Empty,
            };
        }

        async Task EditsAsync(TestUser author, ConversationId conversation, string text)
        {
            if (await OwnAsync(author, conversation) is { } message)
            {
                (await author.EditsAsync(conversation, message.Seq, message.Version, text)).Refusal.ShouldBeNull();
            }
        }

        async Task DeletesAsync(TestUser author, ConversationId conversation)
        {
            if (await OwnAsync(author, conversation) is { } message)
            {
                (await author.DeletesAsync(conversation, message.Seq)).Refusal.ShouldBeNull();
            }
        }

        // One of the author's messages that stand, an old one as likely as a new one.
        async Task<Message?> OwnAsync(TestUser author, ConversationId conversation)
        {
            var stored = await host.StoredAsync(conversation);
            var own = stored.Where(message => message is { Kind: MessageKind.Text, DeletedAt: null } && message.AuthorId == author.Id).ToArray();
            return own.Length == 0 ? null : own[random.Next(own.Length)];
        }
    }

    /// <summary>Every basis of one read version follows from every earlier one.</summary>
    private static void ShouldFollow(
        UnreadBasis[] bases, SortedDictionary<long, ConversationChange> changes, UserId user, ConversationKind kind, int seed)
    {
        for (var from = 0; from < bases.Length; from++)
        {
            var moved = bases[from];
            for (var to = from; to < bases.Length; to++)
            {
                while (moved.Rev < bases[to].Rev)
                {
                    moved = UnreadRules.Apply(moved, changes[moved.Rev + 1], user, kind).ShouldNotBeNull();
                }

                moved.ShouldBe(bases[to], $"{user} from {bases[from]}, seed {seed}");
            }
        }
    }

    /// <summary>The changes as published; those that another writer made as a gateway repairs them.</summary>
    private static async Task<SortedDictionary<long, ConversationChange>> ChangesAsync(ChatHost host, ConversationId id)
    {
        var changes = new SortedDictionary<long, ConversationChange>();
        foreach (var change in host.Events.Appended.Where(appended => appended.ConversationId == id).SelectMany(appended => appended.Changes))
        {
            changes.TryAdd(change.Rev, change).ShouldBeTrue("published twice");
        }

        var repaired = await host.Conversation(id).AppendedSinceAsync(0, CancellationToken.None);
        foreach (var change in repaired?.Changes ?? [])
        {
            if (changes.TryAdd(change.Rev, change))
            {
                continue;
            }

            if (change.Posted is not { Version: > 1 })
            {
                changes[change.Rev].Posted.ShouldBe(change.Posted, new MessageContent()); // What was edited or deleted tells today's text.
            }
        }

        return changes;
    }

    private static async Task AddAsync(ChatHost host, ConversationId group, TestUser user)
    {
        var head = (await host.Store.Log.ReadConversationAsync(host.Tenant, group, CancellationToken.None))!.Head;
        (await host.Store.Log.AppendAsync(
            new ConversationAppend
            {
                TenantId = host.Tenant,
                ConversationId = group,
                Expected = head,
                Entries =
                [
                    new MessageEntry
                    {
                        At = host.Time.GetUtcNow(),
                        Kind = MessageKind.System,
                        AuthorId = host.Ann.Id,
                        ClientId = Guid.NewGuid(),
                        Text = string.Empty,
                        Fact = new SystemFact { Kind = SystemFactKind.Added, Targets = [user.Id] },
                    },
                ],
                Begins = [new MembershipBegin { UserId = user.Id, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
            },
            CancellationToken.None)).ShouldBeOfType<AppendResult.Appended>();
        await host.CollectAsync(); // The grain learns of its new member when it reads its head again.
    }
}
