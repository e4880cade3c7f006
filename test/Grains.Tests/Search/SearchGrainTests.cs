using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Search;

namespace OrleansChat.Grains.Tests.Search;

public sealed class SearchGrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("L5")]
    [Rule("L6")]
    public async Task SearchAsync_AfterAPost_IsFoundByMembersOnceTheIndexerLooked(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "the printer on floor 3 burns");

        (await FindsAsync(host, host.Bob, "PRINTER burns")).ShouldBe(["the printer on floor 3 burns"]);
        (await PageAsync(host, host.Cleo, "printer")).Messages.ShouldBeEmpty();
        var found = (await PageAsync(host, host.Bob, "from:\"ann arch\" printer")).Messages.ShouldHaveSingleItem();
        found.ConversationId.ShouldBe(group);
        found.Kind.ShouldBe(ConversationKind.Group);
        found.Title.ShouldBe("Standup");
        found.Message.AuthorName.ShouldBe("Ann Archer");
        (await PageAsync(host, host.Bob, "from:me printer")).Messages.ShouldBeEmpty();
        (await PageAsync(host, host.Bob, "from:ann with:cleo printer")).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task SearchAsync_AfterARestart_TheIndexerFindsWhatWasWrittenMeanwhile()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "before the restart");
        await host.RestartAsync();

        (await FindsAsync(host, host.Bob, "restart")).ShouldBe(["before the restart"]);
    }

    [Fact]
    [Rule("R3")]
    public async Task SearchAsync_SomebodyElsesGrainOrTenant_FindsNothing()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "private words");
        (await FindsAsync(host, host.Bob, "private")).Count.ShouldBe(1);
        var ofBob = Grain(host, host.Bob.Caller);

        foreach (var caller in (Caller[])[host.Cleo.Caller, host.Foreigner("bob").Caller])
        {
            var result = await ofBob.SearchAsync(new SearchQuery { Caller = caller, Text = "private", Limit = 20 }, Cancellation);
            result.Page.ShouldNotBeNull().Messages.ShouldBeEmpty();
            (await SearchAsync(host, caller, "private")).Page.ShouldNotBeNull().Messages.ShouldBeEmpty();
        }
    }

    [Theory]
    [Rule("L5")]
    [InlineData("has:file", "has: must be followed by link or code")]
    [InlineData("from:nobody-at-all x", "nobody is called nobody-at-all")]
    [InlineData("with:nobody-at-all", "nobody is called nobody-at-all")]
    [InlineData("x\0", "U+0000")]
    [InlineData("", "empty")]
    public async Task SearchAsync_QueryThatIsNone_SaysWhy(string query, string reason)
    {
        await using var host = await ChatHost.StartAsync();

        var result = await SearchAsync(host, host.Ann.Caller, query);

        result.Page.ShouldBeNull();
        result.Invalid.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [Rule("S14")]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public async Task SearchAsync_QueryOfSoManyScalars_IsUnderstoodOrNot(int scalars, bool understood)
    {
        await using var host = await ChatHost.StartAsync();

        var result = await SearchAsync(host, host.Ann.Caller, string.Concat(Enumerable.Repeat("😀", scalars)));

        (result.Invalid is null).ShouldBe(understood);
    }

    /// <summary>What is found once the indexer has come by; it does, each time its clock moves.</summary>
    private static async Task<IReadOnlyList<string>> FindsAsync(ChatHost host, TestUser searcher, string query)
    {
        var patience = DateTime.UtcNow + ChatHost.Patience;
        while (true)
        {
            var page = await PageAsync(host, searcher, query);
            if (!page.Messages.IsEmpty || DateTime.UtcNow > patience)
            {
                return [.. page.Messages.Select(found => found.Message.Text)];
            }

            host.Time.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    private static async Task<SearchPage> PageAsync(ChatHost host, TestUser searcher, string query)
    {
        var result = await SearchAsync(host, searcher.Caller, query);
        result.Invalid.ShouldBeNull();
        return result.Page.ShouldNotBeNull();
    }

    private static Task<SearchResult> SearchAsync(ChatHost host, Caller caller, string query) =>
        Grain(host, caller).SearchAsync(new SearchQuery { Caller = caller, Text = query, Limit = 20 }, Cancellation);

    private static ISearchGrain Grain(ChatHost host, Caller caller) =>
        host.Services.GetRequiredService<IClusterClient>().GetGrain<ISearchGrain>(new UserKey(caller.TenantId, caller.UserId).ToString());
}
