using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>How much anybody may ask (semantics: Limits). Time stands still, so that nothing refills by itself.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private ChatServer _chat = null!;

    public async ValueTask InitializeAsync() => _chat = await ChatServer.StartAsync(new ChatSetup { DefaultLimits = true, Time = _time });

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("M7")]
    public async Task Post_EleventhInABurst_IsRateLimitedUntilThePauseIsOver()
    {
        var ann = await _chat.SignsInAsync("ann");
        var conversation = ann.With("ann");
        for (var i = 1; i <= 10; i++)
        {
            await ann.SendsAsync(conversation, $"{i}");
        }

        var refused = await ann.PostsAsync(conversation, "11");
        Participant.CodeOf(refused).ShouldBe("rateLimited");
        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBe(200);
        (await ann.ReadsAsync(conversation)).Count.ShouldBe(10);

        _time.Advance(TimeSpan.FromMilliseconds(200));
        await ann.SendsAsync(conversation, "11");
        Participant.CodeOf(await ann.PostsAsync(conversation, "12")).ShouldBe("rateLimited");
    }

    [Fact]
    [Rule("M7")]
    public async Task Post_OnAnotherSession_TakesFromTheSameBucket()
    {
        var desk = await _chat.SignsInAsync("ann");
        for (var i = 1; i <= 10; i++)
        {
            await desk.SendsAsync(desk.With("ann"), $"{i}");
        }

        var phone = await _chat.SignsInAsync("ann");
        Participant.CodeOf(await phone.PostsAsync(phone.With("ann"), "11")).ShouldBe("rateLimited");
        var bob = await _chat.SignsInAsync("bob");
        await bob.SendsAsync(bob.With("ann"), "my own bucket");
    }

    [Fact]
    [Rule("M7")]
    public async Task Reads_UsedUp_DoNotBlockASend()
    {
        var ann = await _chat.SignsInAsync("ann");
        for (var i = 1; i <= 20; i++)
        {
            await ann.CallsAsync("ListConversations", new { });
        }

        foreach (var (method, request) in new (string, object)[]
        {
            ("ListConversations", new { }), ("FindPeople", new { text = "a" }),
            ("History", new { conversationId = ann.With("ann"), anchor = "latest" }), ("Sync", new { conversations = new[] { new { id = "x", rev = 0 } } }),
        })
        {
            var refused = await ann.IsRefusedAsync("rateLimited", method, request);
            refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBe(200);
        }

        await ann.SendsAsync(ann.With("ann"), "still sending");
        await ann.CallsAsync("MarkRead", new { conversationId = ann.With("ann"), upToSeq = 1 });
    }

    [Fact]
    [Rule("M7")]
    public async Task MarkRead_SixthInABurst_IsRateLimited()
    {
        var ann = await _chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("ann"), "hi");
        var request = new { conversationId = ann.With("ann"), upToSeq = 1 };
        for (var i = 1; i <= 5; i++)
        {
            await ann.CallsAsync("MarkRead", request);
        }

        await ann.IsRefusedAsync("rateLimited", "MarkRead", request);
    }

    [Fact]
    [Rule("M7")]
    [Rule("W3")]
    public async Task SaveDraft_EleventhInABurst_IsRateLimitedAndBlocksNoSend()
    {
        var ann = await _chat.SignsInAsync("ann");
        for (var i = 1; i <= 10; i++)
        {
            await ann.CallsAsync("SaveDraft", new { conversationId = ann.With("ann"), text = $"{i}", version = i - 1 });
        }

        var eleventh = new { conversationId = ann.With("ann"), text = "11", version = 10 };
        var refused = await ann.IsRefusedAsync("rateLimited", "SaveDraft", eleventh);
        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBe(500);
        await ann.SendsAsync(ann.With("ann"), "still sending");

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await ann.CallsAsync("SaveDraft", eleventh);
    }

    [Fact]
    [Rule("S14")]
    public async Task Connect_ThirtyFirstOfAMinute_Is429WithRetryAfter()
    {
        for (var i = 1; i <= 30; i++)
        {
            await using var session = await _chat.SignsInAsync("ann");
        }

        var (status, retryAfter) = await _chat.TriesToConnectAsync(new HubCredentials { Token = _chat.Helpdesk.Token("ann") });
        status.ShouldBe(429);
        retryAfter.ShouldBe("2");

        await _chat.SignsInAsync("bob"); // Another person is not affected.
        _time.Advance(TimeSpan.FromSeconds(2));
        await _chat.SignsInAsync("ann");
    }

    [Fact]
    [Rule("S14")]
    public async Task Connect_SixtyFailuresOfAnAddress_Are429FromThenOn()
    {
        var nobody = new HubCredentials { Token = "nonsense" };
        for (var i = 1; i <= 60; i++)
        {
            (await _chat.TriesToConnectAsync(nobody)).Status.ShouldBe(401);
        }

        var (status, retryAfter) = await _chat.TriesToConnectAsync(nobody);
        status.ShouldBe(429);
        retryAfter.ShouldBe("60");
    }
}
