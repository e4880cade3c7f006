using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime.Messaging;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.OrleansEngine;

/// <summary>The only silo dies: callers are refused in time, and the gateway's own log stays short.</summary>
public sealed class LostSiloTests : IAsyncLifetime
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(8);

    private ChatServer _chat = null!;
    private FlakyLink _link = null!;

    public static TheoryData<Exception, string> Failures => new()
    {
        { new GatewayTooBusyException("the silo sheds load"), "overloaded" },
        { new ConnectionFailedException("no silo accepts connections"), "unavailable" },
    };

    public async ValueTask InitializeAsync()
    {
        _chat = await ChatServer.StartAsync(new ChatSetup { Configure = FlakyLink.Replace });
        _link = _chat.Services.GetRequiredService<FlakyLink>();
    }

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Call_ThatTheClientCannotDeliver_IsRefused(Exception failure, string code)
    {
        var ann = await _chat.SignsInAsync("ann");
        _link.Failure = failure;
        var refused = await ann.IsRefusedAsync(code, "ListConversations", new { });
        refused.GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBeInRange(250, 1_000);
    }

    [Fact]
    [Rule("S25")]
    public async Task Silo_ThatDies_IsSaidToCallersAndProbesWithoutAStack()
    {
        var ann = await _chat.SignsInAsync("ann");
        await _chat.Grains.GetRequiredService<IHost>().StopAsync(new CancellationToken(canceled: true));

        var began = Stopwatch.StartNew();
        string[] codes = ["unavailable", "timeout"];
        var post = new { conversationId = ann.With("ann"), clientId = Guid.NewGuid(), text = "hi" };
        codes.ShouldContain(Participant.CodeOf(await ann.Session.CallAsync("Post", post)));
        codes.ShouldContain(Participant.CodeOf(await ann.Session.CallAsync("ListConversations", new { })));
        began.Elapsed.ShouldBeLessThan(2 * CallTimeout);

        (await _chat.TriesToConnectAsync(new HubCredentials { Token = _chat.Helpdesk.Token("ann") })).ShouldBe((503, "1"));
        using var ready = await _chat.SendsAsync(HttpMethod.Get, "/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var session = await _chat.SendsAsync(HttpMethod.Get, "/api/session", _chat.Helpdesk.Token("ann"));
        session.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // What Orleans' own client says of its connections is its own.
        _chat.Logs.Lines.Where(line => line.Contains("   at ", StringComparison.Ordinal) && !IsOfOrleans(line.Split(' ')[1])).ShouldBeEmpty();
    }

    /// <summary>Orleans writes what it has to say of a storage in the name of the storage's class.</summary>
    private static bool IsOfOrleans(string category) =>
        category.StartsWith("Orleans.", StringComparison.Ordinal) || category == "OrleansChat.Grains.States.GrainStateStorage";
}
