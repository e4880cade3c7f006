using System.Diagnostics;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Sessions;

/// <summary>Sessions on real sockets: a client that does not read, a gateway that ends.</summary>
public sealed class SocketTests
{
    [Fact]
    [Rule("M16")]
    public async Task Client_ThatStopsReading_IsClosedWhileOthersAreServed()
    {
        await using var chat = await ChatServer.StartAsync();
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "hi");
        await bob.SeesAsync(conversation, "hi");
        await chat.OpensSocketAsync("bob", reads: false);
        await chat.HasSessionsAsync(3);

        // More than any buffer on the way holds.
        var text = string.Concat(Enumerable.Repeat("😀", 10_000));
        var began = Stopwatch.StartNew();
        for (var i = 0; !chat.Logs.Text.Contains("TooSlow", StringComparison.Ordinal); i++)
        {
            began.Elapsed.ShouldBeLessThan(ChatServer.Patience, "the client that does not read was not closed");
            await ann.SendsAsync(conversation, $"{i} {text[..^200]}");
            await bob.Session.HearsAsync("messagePosted", posted =>
                posted.GetProperty("message").GetProperty("text").GetString()!.StartsWith($"{i} ", StringComparison.Ordinal));
        }

        await chat.HasSessionsAsync(2);
        await ann.SendsAsync(conversation, "still fast");
        await bob.SeesAsync(conversation, "still fast");
        bob.Session.Events.ShouldNotContain(heard => heard.Name == "resync");
    }

    [Fact]
    [Rule("G7")]
    public async Task Gateway_ThatEnds_TellsEverybodyToComeBackLater()
    {
        await using var chat = await ChatServer.StartAsync();
        Participant[] people = [await chat.SignsInAsync("ann"), await chat.SignsInAsync("bob"), await chat.SignsInAsync("eve")];
        await chat.StopAsync();

        foreach (var person in people)
        {
            var closing = await person.HearsAsync("closing");
            closing.GetProperty("code").GetInt32().ShouldBe(3000);
            closing.GetProperty("reconnect").GetBoolean().ShouldBeTrue();
            closing.GetProperty("retryAfterMs").GetInt64().ShouldBeInRange(0, 3_000);
            await person.IsClosedAsync();
        }
    }

    [Fact]
    [Rule("G7")]
    [Rule("O19")]
    public async Task Gateway_ThatEndsWithTimeToDrain_SendsItsClientsAwayBitByBitAndTakesNoNewOnes()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { Settings = ["--Sockets:DrainTime=00:00:03"] });
        var people = new List<Participant>();
        for (var i = 0; i < 12; i++)
        {
            people.Add(await chat.SignsInAsync($"user{i}"));
        }

        var stopping = Task.Run(chat.StopAsync, TestContext.Current.CancellationToken);
        var heard = people.ConvertAll(person => person.HearsAsync("closing"));
        await Task.WhenAny(heard);

        (await chat.TriesToConnectAsync(new HubCredentials { Token = chat.Helpdesk.Token("late") })).ShouldBe((503, "1"));
        using (var ready = await chat.SendsAsync(HttpMethod.Get, "/health/ready"))
        {
            ((int)ready.StatusCode).ShouldBe(503);
        }

        heard.Count(closing => closing.IsCompleted).ShouldBeLessThan(people.Count);
        foreach (var closing in await Task.WhenAll(heard))
        {
            closing.GetProperty("code").GetInt32().ShouldBe(3000);
            closing.TryGetProperty("retryAfterMs", out _).ShouldBeFalse();
        }

        await stopping;
    }

    [Fact]
    [Rule("G4")]
    public async Task Sessions_ThatEnd_LeaveNothingBehind()
    {
        await using var chat = await ChatServer.StartAsync();
        var ann = await chat.SignsInAsync("ann");
        for (var i = 0; i < 20; i++)
        {
            await using var bob = await chat.SignsInAsync("bob");
            bob.Session.Connection.Abort();
        }

        await chat.HasSessionsAsync(1);
        await ann.SendsAsync(ann.With("bob"), "nobody there");
        await ann.SeesAsync(ann.With("bob"), "nobody there");
    }
}
