using System.Diagnostics;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests;

/// <summary>The stream is a hint: whatever it loses, members see everything (design §4.5).</summary>
public sealed class LostEventsTests
{
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(3);

    [Fact]
    [Rule("M13")]
    public async Task Post_EveryEventLost_IsSeenWithinThreeSeconds()
    {
        await using var chat = await StartAsync(static () => Fate.IsLost);
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");

        // Brand-new conversation, one in the middle, and the last one: after each nothing else comes to show the hole.
        foreach (var text in (string[])["the first", "the second", "the last"])
        {
            await ann.SendsAsync(conversation, text);
            var sent = Stopwatch.StartNew();
            await Task.WhenAll(bob.SeesAsync(conversation, text), ann.SeesAsync(conversation, text));
            sent.Elapsed.ShouldBeLessThan(SeenWithin);
        }

        bob.Seen(conversation).ShouldBe(["the first", "the second", "the last"]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Post_LastOfABurstLost_IsSeenWithinThreeSeconds()
    {
        var events = 0;
        await using var chat = await StartAsync(() => ++events >= 5 ? Fate.IsLost : Fate.Arrives);
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        for (var i = 1; i <= 5; i++)
        {
            await ann.SendsAsync(conversation, $"{i}");
        }

        var sent = Stopwatch.StartNew();
        await bob.SeesAsync(conversation, "5");
        sent.Elapsed.ShouldBeLessThan(SeenWithin);
        bob.Seen(conversation).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Fact]
    [Rule("M13")]
    public async Task Post_EventLostInTheMiddle_TheNextOneBringsBoth()
    {
        var events = 0;
        // No repair for as long as the test needs: the hole itself must lead to the log.
        await using var chat = await StartAsync(() => ++events == 2 ? Fate.IsLost : Fate.Arrives, "--Fanout:RepairInterval=00:00:04");
        var ann = await chat.SignsInAsync("ann");
        var bob = await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await ann.SendsAsync(conversation, "1");
        await bob.SeesAsync(conversation, "1");
        await ann.SendsAsync(conversation, "2");
        await ann.SendsAsync(conversation, "3");
        await bob.SeesAsync(conversation, "3");
        bob.Seen(conversation).ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [Rule("M14")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Post_EventsLostDoubledAndLate_ClientsEndWithEachMessageOnceInOrder(int seed)
    {
        var random = new Random(seed);
        await using var chat = await StartAsync(() => random.NextDouble() switch
        {
            < 0.3 => Fate.IsLost,
            < 0.6 => Fate.ArrivesTwice,
            < 0.9 => Fate.ArrivesLate,
            _ => Fate.Arrives,
        });
        var ann = await chat.SignsInAsync("ann");
        await chat.SignsInAsync("bob");
        var conversation = ann.With("bob");
        await using var reader = await CarefulReader.ConnectAsync(chat, "bob", conversation);
        await using var sender = await CarefulReader.ConnectAsync(chat, "ann", conversation);

        List<(long, string)> said = [];
        for (var i = 1; i <= 60; i++)
        {
            await ann.SendsAsync(conversation, $"{i}");
            said.Add((i, $"{i}"));
        }

        await Task.WhenAll(reader.ReadsUntilAsync(60), sender.ReadsUntilAsync(60));
        reader.Messages.ShouldBe(said);
        sender.Messages.ShouldBe(said);
    }

    private static Task<ChatServer> StartAsync(Func<Fate> decide, params string[] settings) =>
        ChatServer.StartAsync(new ChatSetup { Settings = settings, ConfigureGrains = grains => EventChaos.Replace(grains, decide) });
}
