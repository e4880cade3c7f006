using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.Inbox;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="IInboxStore"/> does with drafts.</summary>
public abstract class DraftStoreCompliance
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly StoreFixture _fixture;

    protected DraftStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ChatStore Store => _fixture.Store;

    private IInboxStore Inbox => Store.Inbox;

    [Fact]
    [Rule("W3")]
    public async Task WriteDraftAsync_VersionAfterVersion_IsReadAndListedAsItStands()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 2);
        (await ReadAsync(tenant, Bob, group)).ShouldBe(new DraftRead(None(group), 0));

        var first = Of(group, 1, "two\nlines, \"quoted\" \u00e9 \U0001F600") with { ReplyTo = 2 };
        (await WriteAsync(tenant, Bob, first)).ShouldBeTrue();
        (await ReadAsync(tenant, Bob, group)).ShouldBe(new DraftRead(first, 1));
        (await ListAsync(tenant, Bob)).ShouldBe([first]);

        var second = Of(group, 2, new string('x', 40_000), minutes: 1);
        (await WriteAsync(tenant, Bob, second)).ShouldBeTrue();
        (await ReadAsync(tenant, Bob, group)).ShouldBe(new DraftRead(second, 1));

        (await WriteAsync(tenant, Bob, None(group) with { Version = 3 })).ShouldBeTrue();
        (await ReadAsync(tenant, Bob, group)).ShouldBe(new DraftRead(None(group) with { Version = 3 }, 0));
        (await ListAsync(tenant, Bob)).ShouldBeEmpty();
        (await WriteAsync(tenant, Bob, Of(group, 4, "again"))).ShouldBeTrue();
        (await ReadAsync(tenant, Ann, group)).ShouldBe(new DraftRead(None(group), 0), "a draft is one person's own");
        (await ListAsync(tenant, Ann)).ShouldBeEmpty();
    }

    [Fact]
    [Rule("W3")]
    public async Task WriteDraftAsync_NotTheNextVersion_WritesNothing()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 1);
        await WriteAsync(tenant, Bob, Of(group, 1, "one"));
        await WriteAsync(tenant, Bob, Of(group, 2, "two"));

        foreach (var version in (long[])[1, 2, 4])
        {
            (await WriteAsync(tenant, Bob, Of(group, version, "other"))).ShouldBeFalse();
        }

        (await ReadAsync(tenant, Bob, group))!.Draft.ShouldBe(Of(group, 2, "two"));
    }

    [Fact]
    [Rule("W3")]
    public async Task WriteDraftAsync_ManyAtOnce_OneOfEachVersionIsWritten()
    {
        var tenant = await CreateAsync(Store);
        var (group, _) = await tenant.GroupAsync(texts: 1);
        for (var version = 1; version <= 5; version++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => WriteAsync(tenant, Bob, Of(group, version, $"{version} {number}"))));

            var winner = Array.IndexOf(written, true);
            written.Count(one => one).ShouldBe(1);
            (await ReadAsync(tenant, Bob, group))!.Draft.ShouldBe(Of(group, version, $"{version} {winner}"));
        }
    }

    [Fact]
    [Rule("W3")]
    public async Task ListDraftsAsync_Many_TheLastSavedFirst()
    {
        var tenant = await CreateAsync(Store);
        var drafts = new List<Draft>();
        foreach (var minutes in (int[])[3, 1, 2])
        {
            drafts.Add(Of((await tenant.GroupAsync(texts: 1)).Conversation, 1, $"after {minutes}", minutes));
            await WriteAsync(tenant, Bob, drafts[^1]);
        }

        (await ListAsync(tenant, Bob)).ShouldBe([drafts[0], drafts[2], drafts[1]]);
        (await ReadAsync(tenant, Bob, drafts[0].ConversationId))!.Drafts.ShouldBe(3);
    }

    [Fact]
    [Rule("C2")]
    [Rule("W3")]
    public async Task WriteDraftAsync_ToSomebodyWhomNobodyHasWrittenTo_IsKeptForThePairAloneAndStaysWhenItBegins()
    {
        var (tenant, other) = (await CreateAsync(Store), await CreateAsync(Store));
        await Store.Directory.AddPeopleAsync(tenant.Id, [new Person { UserId = UserId.Of("dan"), Name = "Dan", Role = Role.Agent, Active = false }], Cancellation);
        var (toBob, toMyself) = (Of(AnnAndBob, 1, "hi"), Of(ConversationId.Direct(Ann, Ann), 1, "note"));
        (await WriteAsync(tenant, Ann, toBob)).ShouldBeTrue();
        (await WriteAsync(tenant, Ann, toMyself)).ShouldBeTrue();
        foreach (var (user, conversation) in new[]
        {
            (Cleo, AnnAndBob), (Ann, ConversationId.Direct(Ann, UserId.Of("nobody"))), (Ann, ConversationId.Direct(Ann, UserId.Of("dan"))),
            (UserId.Of("dan"), ConversationId.Direct(Ann, UserId.Of("dan"))), (UserId.Of("nobody"), ConversationId.Direct(Ann, UserId.Of("nobody"))), (Ann, NewGroup()),
        })
        {
            (await WriteAsync(tenant, user, Of(conversation, 1, "hi"))).ShouldBeFalse();
            (await ReadAsync(tenant, user, conversation)).ShouldBeNull();
        }

        (await ListAsync(tenant, Ann)).ShouldBe([toBob, toMyself], ignoreOrder: true);
        (await ListAsync(tenant, Bob)).ShouldBeEmpty();
        (await ListAsync(other, Ann)).ShouldBeEmpty();
        (await Inbox.ListAsync(tenant.Id, Ann, null, null, 50, Cancellation)).Rows.ShouldBeEmpty();
        (await _fixture.NumberAsync($"select count(*) from conversations where tenant_id = '{tenant.Id}'")).ShouldBe(0);

        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Bob, "I was first")));
        (await ListAsync(tenant, Ann)).ShouldContain(toBob);
        (await WriteAsync(tenant, Ann, Of(AnnAndBob, 2, "hi, Bob"))).ShouldBeTrue();
        (await WriteAsync(tenant, Cleo, Of(AnnAndBob, 1, "hi"))).ShouldBeFalse();
    }

    [Fact]
    [Rule("C10")]
    [Rule("C11")]
    [Rule("W3")]
    public async Task WriteDraftAsync_MembershipEnds_TheTextIsGoneForGoodAndVersionsGoOn()
    {
        var tenant = await CreateAsync(Store);
        var (group, head) = await tenant.GroupAsync(texts: 1);
        var (kept, _) = await tenant.GroupAsync(texts: 1);
        await WriteAsync(tenant, Bob, Of(group, 1, "secret") with { ReplyTo = 2 });
        await WriteAsync(tenant, Bob, Of(kept, 1, "kept"));
        await WriteAsync(tenant, Ann, Of(group, 1, "of Ann"));

        head = await tenant.WriteAsync(Ending(tenant, group, head, Bob));

        (await _fixture.NumberAsync($"select count(*) from drafts where tenant_id = '{tenant.Id}' and (text = 'secret' or reply_to_seq is not null)")).ShouldBe(0);
        (await ReadAsync(tenant, Bob, group)).ShouldBeNull();
        (await WriteAsync(tenant, Bob, Of(group, 3, "still here?"))).ShouldBeFalse();
        (await ListAsync(tenant, Bob)).ShouldBe([Of(kept, 1, "kept")]);
        (await ListAsync(tenant, Ann)).ShouldBe([Of(group, 1, "of Ann")]);

        await tenant.WriteAsync(Beginning(tenant, group, head, Bob));
        (await ReadAsync(tenant, Bob, group)).ShouldBe(new DraftRead(None(group) with { Version = 2 }, 1));
        (await ListAsync(tenant, Bob)).ShouldBe([Of(kept, 1, "kept")]);
        (await WriteAsync(tenant, Bob, Of(group, 2, "stale"))).ShouldBeFalse();
        (await WriteAsync(tenant, Bob, Of(group, 3, "back"))).ShouldBeTrue();
    }

    [Fact]
    [Rule("C10")]
    [Rule("W3")]
    public async Task WriteDraftAsync_WhileTheMembershipEnds_LeavesNothing()
    {
        var tenant = await CreateAsync(Store);
        for (var round = 0; round < 40; round++)
        {
            var (group, head) = await tenant.GroupAsync(texts: 1);
            var existed = round % 2 == 0; // A draft that the end can see, and one that comes into being beside it.
            if (existed)
            {
                await WriteAsync(tenant, Bob, Of(group, 1, "before"));
            }

            var saving = Task.Run(() => WriteAsync(tenant, Bob, Of(group, existed ? 2 : 1, "meanwhile")), Cancellation);
            var ending = Task.Run(() => tenant.WriteAsync(Ending(tenant, group, head, Bob)), Cancellation);
            await Task.WhenAll(saving, ending);

            (await _fixture.NumberAsync($"select count(*) from drafts where tenant_id = '{tenant.Id}' and text <> ''")).ShouldBe(0, $"round {round}");
        }
    }

    private static Draft Of(ConversationId conversation, long version, string text, int minutes = 0) =>
        new() { ConversationId = conversation, Version = version, Text = text, SavedAt = Noon.AddMinutes(minutes) };

    private static Draft None(ConversationId conversation) => new() { ConversationId = conversation, Version = 0, Text = "" };

    private static ConversationAppend Ending(TestTenant tenant, ConversationId group, Head head, UserId user) =>
        tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Removed, user)) with { Ends = [new MembershipEnd { UserId = user, LeftSeq = head.Seq + 1 }] };

    private static ConversationAppend Beginning(TestTenant tenant, ConversationId group, Head head, UserId user) =>
        tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, user)) with
        {
            Begins = [new MembershipBegin { UserId = user, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        };

    private Task<DraftRead?> ReadAsync(TestTenant tenant, UserId user, ConversationId conversation) =>
        Inbox.ReadDraftAsync(tenant.Id, user, conversation, Cancellation);

    private Task<bool> WriteAsync(TestTenant tenant, UserId user, Draft draft) =>
        Inbox.WriteDraftAsync(tenant.Id, user, draft, draft.SavedAt ?? Noon, Cancellation);

    private Task<ImmutableArray<Draft>> ListAsync(TestTenant tenant, UserId user) => Inbox.ListDraftsAsync(tenant.Id, user, Cancellation);
}

public sealed class SqliteDraftStoreTests(SqliteStoreFixture fixture) : DraftStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresDraftStoreTests(PostgresStoreFixture fixture) : DraftStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
