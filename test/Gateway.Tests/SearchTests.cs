using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>Full text over the hub.</summary>
public sealed class SearchTests(SharedServer server) : IClassFixture<SharedServer>, IAsyncDisposable
{
    private readonly ChatServer _chat = server.ForOneTest();

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("L5")]
    [Rule("L6")]
    public async Task Search_AfterAPost_FindsItForMembersOnlyAndByPages()
    {
        var (ann, bob, eve) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("eve"));
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "the first needle");
        await ann.SendsAsync(conversation, "the second needle");

        var page = await bob.CallsAsync("Search", new { query = "NEEDLE", limit = 1 });
        for (var until = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < until && !page.TryGetProperty("next", out _);)
        {
            page = await bob.CallsAsync("Search", new { query = "NEEDLE", limit = 1 });
        }

        var found = page.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem();
        found.GetProperty("conversationId").GetString().ShouldBe(conversation);
        found.GetProperty("kind").GetString().ShouldBe("direct");
        found.GetProperty("message").GetProperty("text").GetString().ShouldBe("the second needle");

        var rest = await bob.CallsAsync("Search", new { query = "NEEDLE", limit = 1, after = page.GetProperty("next").GetString() });
        rest.GetProperty("messages")[0].GetProperty("message").GetProperty("text").GetString().ShouldBe("the first needle");
        (await eve.CallsAsync("Search", new { query = "needle" })).GetProperty("messages").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("has:file", "invalidQuery")]
    [InlineData("", "invalidQuery")]
    public async Task Search_QueryThatIsNone_IsRefused(string query, string code)
    {
        var ann = await _chat.SignsInAsync("ann");
        Participant.CodeOf(await ann.Session.CallAsync("Search", new { query })).ShouldBe(code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(51, null)]
    [InlineData(20, "nonsense")]
    public async Task Search_BeyondItsBounds_IsInvalid(int limit, string? after)
    {
        var ann = await _chat.SignsInAsync("ann");
        Participant.CodeOf(await ann.Session.CallAsync("Search", new { query = "x", limit, after })).ShouldBe("invalidRequest");
    }
}
