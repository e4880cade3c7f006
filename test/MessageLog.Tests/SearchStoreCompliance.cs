using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Search;
using OrleansChat.Identity;
using OrleansChat.Testing;
using static OrleansChat.MessageLog.Tests.TestTenant;

namespace OrleansChat.MessageLog.Tests;

/// <summary>What every <see cref="ISearchStore"/> does.</summary>
public abstract class SearchStoreCompliance
{
    private readonly StoreFixture _fixture;

    protected SearchStoreCompliance(StoreFixture fixture)
    {
        Assert.SkipWhen(fixture.SkipReason is not null, fixture.SkipReason ?? "");
        _fixture = fixture;
    }

    private ISearchStore Search => _fixture.Store.Search;

    [Fact]
    [Rule("L5")]
    public async Task SearchAsync_TwoWords_FindsWhatHasBothNewestFirst()
    {
        var tenant = await CreateAsync(_fixture.Store);
        await SaysAsync(tenant, "the printer is offline", "offline again", "Printer: OFFLINE!", "no printer", "offline. Reboot the printer");

        (await FindsAsync(tenant, Bob, Words("printer", "offline"))).ShouldBe(["offline. Reboot the printer", "Printer: OFFLINE!", "the printer is offline"]);
    }

    [Fact]
    [Rule("L5")]
    public async Task SearchAsync_IdentifiersOfAHelpdesk_AreFoundWholeAndByTheirParts()
    {
        var tenant = await CreateAsync(_fixture.Store);
        string[] texts = ["mail ann.archer@example.com", "see http://10.0.0.1:8080/x?y=1", "ticket #4711 and ABC-123", "apt-get install libfoo-2.0 g++", "it's 100% 'quoted' \"twice\" \\ back", "Ünïcode Straße İstanbul"];
        await SaysAsync(tenant, texts);

        foreach (var (word, at) in new (string, int)[]
            {("ann.archer@example.com", 0), ("archer", 0), ("example.com", 0), ("10.0.0.1", 1), ("0.0.1:8080", 1), ("http://10.0.0.1:8080/x?y=1", 1), ("#4711", 2), ("4711", 2), ("abc-123", 2), ("apt-get", 3), ("libfoo-2.0", 3), ("g++", 3), ("it's", 4), ("'quoted'", 4), ("\"twice\"", 4), ("\\", 4), ("unicode", 5), ("strasse", 5), ("istanbul", 5),
            })
        {
            (await FindsAsync(tenant, Bob, Words(word))).ShouldBe([texts[at]], word);
        }

        foreach (var word in (string[])["10.0.0", "0.0.0.1", "example.org", "#471", "apt-geti", "get-apt", "c++"])
        {
            (await FindsAsync(tenant, Bob, Words(word))).ShouldBe(word == "10.0.0" ? [texts[1]] : [], word);
        }
    }

    [Fact]
    [Rule("L5")]
    public async Task SearchAsync_PhrasePrefixAndAbsence_GoByTheText()
    {
        var tenant = await CreateAsync(_fixture.Store);
        await SaysAsync(tenant, "thank you very much", "you thank", "very, much", "thanks a lot");

        (await FindsAsync(tenant, Bob, new SearchTerm { Words = ["thank", "you"] })).ShouldBe(["thank you very much"]);
        (await FindsAsync(tenant, Bob, new SearchTerm { Words = ["very", "much"] })).ShouldBe(["very, much", "thank you very much"]);
        (await FindsAsync(tenant, Bob, new SearchTerm { Words = ["tha"], Prefix = true })).ShouldBe(["thanks a lot", "you thank", "thank you very much"]);
        (await FindsAsync(tenant, Bob, Term("you"), Term("much") with { Negated = true })).ShouldBe(["you thank"]);
        (await FindsAsync(tenant, Bob, Term("you") with { Negated = true })).ShouldBe(["thanks a lot", "very, much"]);
    }

    [Fact]
    [Rule("L6")]
    [Rule("C10")]
    public async Task SearchAsync_RemovedMember_FindsNothingFromThatMomentAndAllAgainWhenAddedAgain()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "a secret plan");
        (await FindsAsync(tenant, Bob, Words("secret"))).Count.ShouldBe(1);
        (await FindsAsync(tenant, Cleo, Words("secret"))).ShouldBeEmpty();

        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Removed, Bob)) with
        {
            Ends = [new MembershipEnd { UserId = Bob, LeftSeq = head.Seq + 1 }],
        });
        (await FindsAsync(tenant, Bob, Words("secret"), index: false)).ShouldBeEmpty();
        (await FindsAsync(tenant, Ann, Words("secret"))).Count.ShouldBe(1);

        await tenant.WriteAsync(tenant.Append(group, head, tenant.Fact(Ann, SystemFactKind.Added, Bob)) with
        {
            Begins = [new MembershipBegin { UserId = Bob, JoinedSeq = head.Seq + 1, ReadSeq = head.Seq }],
        });
        (await FindsAsync(tenant, Bob, Words("secret"), index: false)).Count.ShouldBe(1);
    }

    [Fact]
    [Rule("R3")]
    public async Task SearchAsync_SameIdsInAnotherTenant_SeesNothingOfThisOne()
    {
        var (tenant, other) = (await CreateAsync(_fixture.Store), await CreateAsync(_fixture.Store));
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Ann, "only here")));
        await other.WriteAsync(other.Creation(AnnAndBob, [Ann, Bob], other.Text(Ann, "elsewhere")));

        (await FindsAsync(tenant, Ann, Words("only"))).ShouldBe(["only here"]);
        (await FindsAsync(other, Ann, Words("only"))).ShouldBeEmpty();
        (await FindsAsync(other, Ann, new SearchFilter())).ShouldBe(["elsewhere"]);
    }

    [Fact]
    [Rule("M10")]
    [Rule("M8")]
    public async Task SearchAsync_EditedOrDeleted_IsAsItIsNowBeforeAndAfterTheIndexKnows()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "one apple", "two pears", "three apples");

        await RewriteAsync(tenant, group, seq: 2, "text = 'one cherry', version = 2");
        await RewriteAsync(tenant, group, seq: 3, "text = '', deleted_at = stored_at");
        (await FindsAsync(tenant, Bob, Words("apple"), index: false)).ShouldBeEmpty();
        (await FindsAsync(tenant, Bob, Words("pears"), index: false)).ShouldBeEmpty();
        (await FindsAsync(tenant, Bob, new SearchFilter { From = [Ann] }, index: false)).ShouldBe(["three apples", "one cherry"]);

        await tenant.WriteAsync(tenant.Append(group, head, tenant.Change("edited") with { MessageSeq = 2 }, tenant.Change("deleted") with { MessageSeq = 3 }));
        (await FindsAsync(tenant, Bob, Words("cherry"))).ShouldBe(["one cherry"]);
        (await FindsAsync(tenant, Bob, Words("apple"))).ShouldBeEmpty();
        (await _fixture.NumberAsync($"select count(*) from search_documents where tenant_id = '{tenant.Id.Value}'")).ShouldBe(2);
    }

    [Fact]
    [Rule("L5")]
    public async Task SearchAsync_AuthorsPlacesPeopleAndTimes_Narrow()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "word from ann");
        head = await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Bob, "word from bob")) with { Title = "Standup" });
        var other = NewGroup();
        await tenant.WriteAsync(tenant.Creation(other, [Ann, Bob, Cleo], tenant.Text(Cleo, "word from cleo")) with { Title = "Ünternehmen" });
        await tenant.WriteAsync(tenant.Creation(AnnAndBob, [Ann, Bob], tenant.Text(Bob, "word in private")));
        await _fixture.ExecuteAsync($"insert into former_titles (tenant_id, conversation_id, rev, title) values ('{tenant.Id.Value}', '{group.Value}', 1, 'Morning round')");
        var at = (await tenant.ReadAsync(group, Ann))!.Messages[2].Time;
        var words = Words("word");

        (await FindsAsync(tenant, Ann, words with { From = [Ann] })).ShouldBe(["word from ann"]);
        (await FindsAsync(tenant, Ann, words with { From = [Cleo, Bob] })).ShouldBe(["word in private", "word from cleo", "word from bob"]);
        (await FindsAsync(tenant, Ann, words with { In = ["standup"] })).ShouldBe(["word from bob", "word from ann"]);
        (await FindsAsync(tenant, Ann, words with { In = ["morning round"] })).ShouldBe(["word from bob", "word from ann"]);
        (await FindsAsync(tenant, Ann, words with { In = ["unter", AnnAndBob.Value] })).ShouldBe(["word in private", "word from cleo"]);
        (await FindsAsync(tenant, Ann, words with { In = ["nowhere"] })).ShouldBeEmpty();
        (await FindsAsync(tenant, Cleo, words with { In = [group.Value] })).ShouldBeEmpty();
        (await FindsAsync(tenant, Ann, words with { With = [[Cleo]] })).ShouldBe(["word from cleo"]);
        (await FindsAsync(tenant, Ann, words with { With = [[Bob], [Cleo]] })).ShouldBe(["word from cleo"]);
        (await FindsAsync(tenant, Ann, words with { Before = at })).ShouldBe(["word from ann"]);
        (await FindsAsync(tenant, Ann, words with { NotBefore = at, Before = at.AddMinutes(1) })).ShouldBe(["word from bob"]);
    }

    [Fact]
    [Rule("L5")]
    public async Task SearchAsync_Marks_AreThoseOfTheMessageAndOfTheSearcher()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "see https://example.com", "use `ls -l`", "plain", "to bob", "to all", "here");
        await RewriteAsync(tenant, group, seq: 5, """mentions = '{"users":["bob"]}'""");
        await RewriteAsync(tenant, group, seq: 6, """mentions = '{"users":[],"all":true}'""");
        await RewriteAsync(tenant, group, seq: 7, """mentions = '{"here":["bob"]}'""");
        await tenant.WriteAsync(tenant.Append(group, head, [.. Enumerable.Range(5, 3).Select(seq => tenant.Change("edited") with { MessageSeq = seq })]));
        await _fixture.Store.Inbox.MarkReadAsync(tenant.Id, Bob, group, 5, Cancellation);

        (await FindsAsync(tenant, Bob, new SearchFilter { Marks = SearchMarks.HasLink })).ShouldBe(["see https://example.com"]);
        (await FindsAsync(tenant, Bob, new SearchFilter { Marks = SearchMarks.HasCode })).ShouldBe(["use `ls -l`"]);
        (await FindsAsync(tenant, Bob, new SearchFilter { Marks = SearchMarks.IsMentioned })).ShouldBe(["here", "to all", "to bob"]);
        (await FindsAsync(tenant, Ann, new SearchFilter { Marks = SearchMarks.IsMentioned })).ShouldBeEmpty();
        (await FindsAsync(tenant, Bob, new SearchFilter { Marks = SearchMarks.IsUnread })).ShouldBe(["here", "to all"]);
        (await FindsAsync(tenant, Ann, new SearchFilter { Marks = SearchMarks.IsUnread })).ShouldBeEmpty();
        (await FindsAsync(tenant, Bob, new SearchFilter { Marks = SearchMarks.IsUnread | SearchMarks.IsMentioned })).ShouldBe(["here", "to all"]);
    }

    [Fact]
    public async Task SearchAsync_Pages_GoThroughAllOnceAlsoThoseOfOneTime()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "word 0");
        var at = tenant.NextMinute();
        await tenant.WriteAsync(tenant.Append(group, head, [.. Enumerable.Range(1, 24).Select(number => tenant.Text(Bob, $"word {number}") with { At = at })]));
        await IndexAsync();

        List<string> found = [];
        long? next = null;
        do
        {
            var page = await Search.SearchAsync(tenant.Id, Ann, Words("word"), next, 10, Cancellation);
            page.Messages.Length.ShouldBeLessThanOrEqualTo(10);
            found.AddRange(page.Messages.Select(message => message.Message.Text));
            next = page.Next;
        }
        while (next is not null);

        found.ShouldBe(Enumerable.Range(0, 25).Reverse().Select(number => $"word {number}"));
        (await Search.SearchAsync(tenant.Id, Ann, Words("word"), null, 25, Cancellation)).Next.ShouldBeNull();
    }

    [Fact]
    public async Task SearchAsync_WordsInManyThatAreNoPhraseInAny_EndsWithANextPage()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "needle in hay");
        for (var chunk = 0; chunk < 3; chunk++)
        {
            head = await tenant.WriteAsync(tenant.Append(group, head, [.. Enumerable.Range(1, 1_000).Select(number => tenant.Text(Bob, "hay in needle"))]));
        }

        await IndexAsync();
        var filter = new SearchFilter { Terms = [new SearchTerm { Words = ["needle", "in", "hay"] }] };
        var (pages, next, found) = (0, default(long?), new List<string>());
        do
        {
            var page = await Search.SearchAsync(tenant.Id, Ann, filter, next, 20, Cancellation);
            found.AddRange(page.Messages.Select(message => message.Message.Text));
            next = page.Next;
            pages++;
        }
        while (next is not null);

        found.ShouldBe(["needle in hay"]);
        pages.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task SearchAsync_MoreConversationsThanAreNamedToTheIndex_FindsInAllAndOnlyInOwn()
    {
        var tenant = await CreateAsync(_fixture.Store);
        for (var number = 0; number < 205; number++)
        {
            var members = number % 5 == 0 ? ImmutableArray.Create(Cleo) : [Ann, Cleo];
            await tenant.WriteAsync(tenant.Creation(NewGroup(), members, tenant.Text(Cleo, $"word in {number}")));
        }

        var expected = Enumerable.Range(0, 205).Reverse().Select(number => $"word in {number}").ToArray();
        await IndexAsync();
        (await FindsAllAsync(tenant, Cleo, Words("word"))).ShouldBe(expected);
        (await FindsAllAsync(tenant, Cleo, new SearchFilter())).ShouldBe(expected);
        (await FindsAllAsync(tenant, Ann, Words("word"))).ShouldBe(expected.Where(text => int.Parse(text[8..], System.Globalization.CultureInfo.InvariantCulture) % 5 != 0));
    }

    [Fact]
    public async Task IndexAsync_InSmallSteps_ComesToTheHeadOfEveryConversationAndThenHasNothingToDo()
    {
        var tenant = await CreateAsync(_fixture.Store);
        await IndexAsync();
        var (first, _) = await tenant.GroupAsync(texts: 6);
        var (second, _) = await tenant.GroupAsync(texts: 2);
        ConversationKey[] keys = [new(tenant.Id, first), new(tenant.Id, second)];

        (await Search.IndexAsync(keys, 4, Cancellation)).ShouldBe(new IndexedChanges { Conversations = 0, Revs = 4 });
        (await Search.IndexAsync(keys, 4, Cancellation)).ShouldBe(new IndexedChanges { Conversations = 1, Revs = 4 });
        (await Search.IndexAsync(keys, 4, Cancellation)).ShouldBe(new IndexedChanges { Conversations = 2, Revs = 2 });
        (await Search.IndexAsync(keys, 4, Cancellation)).ShouldBe(new IndexedChanges { Conversations = 2, Revs = 0 });
        (await Search.ReadBehindAsync(null, null, Cancellation)).Conversations.ShouldNotContain(key => key.TenantId == tenant.Id);
        (await FindsAsync(tenant, Bob, Words("text"), index: false)).Count.ShouldBe(8);
    }

    [Fact]
    public async Task ReadBehindAsync_Since_NamesWhatChangedAfterwards()
    {
        var tenant = await CreateAsync(_fixture.Store);
        var (group, head) = await SaysAsync(tenant, "before");
        await _fixture.AgeAsync();
        var since = (await Search.ReadBehindAsync(null, null, Cancellation)).At;
        (await Search.ReadBehindAsync(since, null, Cancellation)).Conversations.ShouldNotContain(new ConversationKey(tenant.Id, group));

        await tenant.WriteAsync(tenant.Append(group, head, tenant.Text(Ann, "after")));

        (await Search.ReadBehindAsync(since, null, Cancellation)).Conversations.ShouldContain(new ConversationKey(tenant.Id, group));
        (await FindsAsync(tenant, Bob, Words("after"))).ShouldBe(["after"]);
        (await Search.ReadBehindAsync(since, null, Cancellation)).Conversations.ShouldNotContain(new ConversationKey(tenant.Id, group));
    }

    [Fact]
    public async Task IndexAsync_ByManyAtOnce_IndexesEachMessageOnce()
    {
        var tenant = await CreateAsync(_fixture.Store);
        await IndexAsync();
        var (group, _) = await tenant.GroupAsync(texts: 100);
        ConversationKey[] keys = [new(tenant.Id, group)];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await Search.IndexAsync(keys, 7, Cancellation) is not { Conversations: 1 })
            {
            }
        })));

        (await FindsAllAsync(tenant, Bob, Words("text"))).Count.ShouldBe(100);
        (await _fixture.NumberAsync($"select count(*) from search_documents where tenant_id = '{tenant.Id.Value}'")).ShouldBe(100);
    }

    private static SearchTerm Term(string word) => new() { Words = [word] };

    private static SearchFilter Words(params ReadOnlySpan<string> words) => new() { Terms = [.. words.ToArray().Select(Term)] };

    private Task<IReadOnlyList<string>> FindsAsync(TestTenant tenant, UserId searcher, params ImmutableArray<SearchTerm> terms) =>
        FindsAsync(tenant, searcher, new SearchFilter { Terms = terms });

    private async Task<IReadOnlyList<string>> FindsAsync(TestTenant tenant, UserId searcher, SearchFilter filter, bool index = true)
    {
        if (index)
        {
            await IndexAsync();
        }

        return [.. (await Search.SearchAsync(tenant.Id, searcher, filter, null, 50, Cancellation)).Messages.Select(message => message.Message.Text)];
    }

    private async Task<IReadOnlyList<string>> FindsAllAsync(TestTenant tenant, UserId searcher, SearchFilter filter)
    {
        List<string> found = [];
        for (long? next = null; ;)
        {
            var page = await Search.SearchAsync(tenant.Id, searcher, filter, next, 50, Cancellation);
            found.AddRange(page.Messages.Select(message => message.Message.Text));
            if ((next = page.Next) is null)
            {
                return found;
            }
        }
    }

    /// <summary>A group of Ann and Bob in which Ann says this, indexed.</summary>
    private async Task<(ConversationId Conversation, Head Head)> SaysAsync(TestTenant tenant, params string[] texts)
    {
        var group = NewGroup();
        var head = await tenant.WriteAsync(tenant.Creation(
            group, [Ann, Bob], [tenant.Fact(Ann, SystemFactKind.Created, Ann, Bob), .. texts.Select(text => tenant.Text(Ann, text))]));
        await IndexAsync();
        return (group, head);
    }

    private Task RewriteAsync(TestTenant tenant, ConversationId conversation, long seq, string set) => _fixture.ExecuteAsync(
        $"update messages set {set} where tenant_id = '{tenant.Id.Value}' and conversation_id = '{conversation.Value}' and seq = {seq}");

    private async Task IndexAsync()
    {
        while ((await Search.ReadBehindAsync(null, null, Cancellation)).Conversations is { IsEmpty: false } behind)
        {
            (await Search.IndexAsync(behind, 10_000, Cancellation)).ShouldNotBeNull();
        }
    }
}

public sealed class SqliteSearchStoreTests(SqliteStoreFixture fixture) : SearchStoreCompliance(fixture), IClassFixture<SqliteStoreFixture>;

public sealed class PostgresSearchStoreTests(PostgresStoreFixture fixture) : SearchStoreCompliance(fixture), IClassFixture<PostgresStoreFixture>;
