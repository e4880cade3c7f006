using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>Silos that die or shed load and stores that do not answer: callers hear when to come back, operators read one line.</summary>
public sealed class WeatherTests : IAsyncLifetime
{
    private ChatServer _chat = null!;
    private FlakyLink _link = null!;

    public static TheoryData<Exception, string> Failures => new()
    {
        { new OrleansException("the directory is not stable"), "unavailable" },
        { new SiloUnavailableException("the silo is gone"), "unavailable" },
        { new OperationCanceledException("the connection to the silo was lost"), "unavailable" },
        { new StoreUnavailableException("the database is gone"), "unavailable" },
        { new TimeoutException("nothing came"), "timeout" },
        { new LimitExceededException("too many requests"), "overloaded" },
    };

    public async ValueTask InitializeAsync()
    {
        _chat = await ChatServer.StartAsync(new ChatSetup { Configure = FlakyLink.Replace });
        _link = _chat.Services.GetRequiredService<FlakyLink>();
    }

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Theory]
    [Rule("S25")]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Call_ThatWeatherEnds_IsRefusedUntilSoonAndLoggedInOneLine(Exception failure, string code)
    {
        var ann = await _chat.SignsInAsync("ann");
        _link.Failure = failure;
        var refused = await ann.IsRefusedAsync(code, "Post", new { conversationId = ann.With("ann"), clientId = Guid.NewGuid(), text = "hi" });
        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBeInRange(250, 1_000);
        SaysNoMoreThanALine(failure);

        _link.Failure = null;
        await ann.SendsAsync(ann.With("ann"), "hi");
    }

    [Theory]
    [Rule("S25")]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Http_DuringWeather_Is503AndSaysWhenToComeBack(Exception failure, string code)
    {
        _ = code;
        _link.Failure = failure;
        var token = _chat.Helpdesk.Token("ann");
        using var answer = await _chat.SendsAsync(HttpMethod.Get, "/api/session", token);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await _chat.TriesToConnectAsync(new HubCredentials { Token = token })).ShouldBe((503, "1"));
        SaysNoMoreThanALine(failure);
    }

    [Theory]
    [Rule("S25")]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Ready_DuringWeather_IsNotAndSaysWhyInOneLine(Exception failure, string code)
    {
        _ = code;
        _link.Failure = failure;
        using var ready = await _chat.SendsAsync(HttpMethod.Get, "/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        _chat.Logs.Text.ShouldContain($"No grain answers: {failure.GetType().Name}.");
        SaysNoMoreThanALine(failure);

        using var live = await _chat.SendsAsync(HttpMethod.Get, "/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Rule("G7")]
    public async Task Session_ThatCannotListen_BeginsAndHearsAsSoonAsItCan()
    {
        // Let in, and then nothing: the handshake's directory call is the last one that works.
        var bob = await _chat.OpensSocketAsync("bob", shakesHands: false);
        _link.Failure = new SiloUnavailableException("the silo is gone");
        await bob.SendsAsync("""{"protocol":"json","version":1}""");
        await bob.HearsEventAsync("welcome");
        SaysNoMoreThanALine(_link.Failure);

        _link.Failure = null;
        var ann = await _chat.SignsInAsync("ann");
        await ann.SendsAsync(ann.With("bob"), "here");
        var posted = (await bob.HearsEventAsync("messagePosted")).GetProperty("arguments")[0];
        posted.GetProperty("message").GetProperty("text").GetString().ShouldBe("here");
    }

    [Fact]
    public async Task Call_ThatADefectEnds_IsLoggedWhole()
    {
        var ann = await _chat.SignsInAsync("ann");
        _link.Failure = new InvalidOperationException("a defect");
        await ann.IsRefusedAsync("timeout", "ListConversations", new { });
        _chat.Logs.Lines.ShouldContain(line => line.StartsWith("Error") && line.Contains("a defect") && line.Contains("   at "));
    }

    /// <summary>Neither a stack nor what the exception says, which may be long.</summary>
    private void SaysNoMoreThanALine(Exception failure)
    {
        _chat.Logs.Lines.ShouldContain(line => line.Contains(failure.GetType().Name, StringComparison.Ordinal));
        _chat.Logs.Text.ShouldNotContain("   at ");
        _chat.Logs.Text.ShouldNotContain(failure.Message);
    }
}
