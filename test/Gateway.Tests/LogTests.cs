using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>What an operator reads says nothing that people said, and nothing that opens a door.</summary>
public sealed class LogTests
{
    private const string Page = "https://chat.example.com";

    [Theory]
    [Rule("S7")]
    [Rule("S25")]
    [InlineData("Information")]
    [InlineData("Trace")]
    public async Task Logs_OfAWholeRun_HoldNoTokenCookieTextOrName(string ownLevel)
    {
        const string secretText = "the merger is on friday";
        string token, cookie, secret;
        LogBook logs;
        await using (var chat = await ChatServer.StartAsync(new ChatSetup
        {
            Settings = [$"--Origins:Allowed:0={Page}", $"--Logging:LogLevel:Default={ownLevel}"],
        }))
        {
            logs = chat.Logs;
            secret = Convert.ToBase64String(chat.Helpdesk.Secret);
            token = chat.Helpdesk.Token("ann");
            using var exchanged = await chat.SendsAsync(HttpMethod.Post, "/api/session", token);
            cookie = exchanged.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2)[1];
            var ann = await chat.ConnectsAsync(new HubCredentials { Cookie = "__Host-chat=" + cookie, Origin = Page }, "ann");
            var bob = await chat.SignsInAsync("bob");
            var conversation = ann.With("bob");
            await ann.SendsAsync(conversation, secretText);
            await bob.SeesAsync(conversation, secretText);
            await ann.PostsAsync(conversation, secretText + "\0");
            await ann.PostsAsync("dm/ann~nobody", secretText);
            await ann.CallsAsync("FindPeople", new { text = secretText });
            await bob.ReadsAsync(conversation);

            // Refusals say as little.
            await chat.TriesToConnectAsync(new HubCredentials { Token = token + "x" });
            await chat.TriesToConnectAsync(new HubCredentials { Cookie = "__Host-chat=" + cookie, Origin = "https://evil.example" });
            await chat.TriesToConnectAsync(new HubCredentials { Origin = Page }, "?access_token=" + token);
            var mallory = await chat.OpensSocketAsync();
            await mallory.InvokesAsync("Post", $$"""[{"text":["{{secretText}}"]}]""");
            await mallory.SendsAsync($$"""{"type":1,"target":"Post","arguments":[{"text":"{{secretText}}"]""");
            await mallory.IsClosedAsync();
        }

        logs.Lines.ShouldNotBeEmpty();
        foreach (var line in logs.Lines)
        {
            line.ShouldNotContain(secretText);
            line.ShouldNotContain(token.Split('.')[2]);
            line.ShouldNotContain(token.Split('.')[1]);
            line.ShouldNotContain(cookie);
            line.ShouldNotContain(secret);
            line.ShouldNotContain("Castillo");
        }
    }

    [Fact]
    [Rule("S25")]
    public async Task Logs_OfManyBadRequests_AreNotAFlood()
    {
        await using var chat = await ChatServer.StartAsync();
        var mallory = await chat.OpensSocketAsync();
        var before = chat.Logs.Lines.Count;
        for (var i = 0; i < 200; i++)
        {
            await mallory.InvokesAsync("Post", "[7]", $"{i}");
            await mallory.InvokesAsync("Nonsense", "[{}]", $"n{i}");
        }

        (chat.Logs.Lines.Count - before).ShouldBeLessThan(20);
    }
}
