using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>A server, a machine or a tab that is away for a while: nothing is lost, and nothing is there twice.</summary>
public sealed class AwayTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("CHAT_CAMPAIGN") == "full";

    /// <summary>The waits grow: eight tries take about a minute.</summary>
    private static readonly int Tries = Full ? 8 : 3;

    [Fact]
    [Rule("M5")]
    [Rule("M15")]
    [Rule("W8")]
    public async Task Server_AwayForLong_WhatWasWrittenMeanwhileArrivesOnce()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.SignsInAsync("Bob Castillo");
        await using var anns = await desk.ConnectsAsync("ann", "Ann Bauer");
        await Desk.StartsGroupAsync(anns, "Long away", "bob");
        await ann.OpensAsync("Long away");
        await bob.OpensAsync("Long away");
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tries = 0;
        ann.Page.WebSocket += (_, _) =>
        {
            if (++tries == Tries)
            {
                tried.TrySetResult();
            }
        };

        await desk.DiesAsync();
        await ann.WritesAsync("Ann: first");
        await bob.WritesAsync("Bob: first");
        await ann.WritesAsync("Ann: second");
        await tried.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await desk.StartsAgainAsync();
        // Whoever reloads the page just now loses nothing either.
        await ann.Page.ReloadAsync();
        await bob.ComesBackAsync();

        foreach (var text in new[] { "Ann: first", "Ann: second", "Bob: first" })
        {
            await ann.SeesAsync(text);
            await bob.SeesAsync(text);
        }

        await ann.SeesSentAsync("Ann: second");
        (await ann.TextsAsync()).ShouldBe(await bob.TextsAsync());
        (await ann.TextsAsync()).Where(static text => text.StartsWith("Ann", StringComparison.Ordinal)).ShouldBe(["Ann: first", "Ann: second"]);
    }

    [Fact]
    [Rule("M12")]
    [Rule("M15")]
    [Rule("W3")]
    public async Task Laptop_AsleepUntilItsConnectionWasLost_CatchesUpWhenItWakes()
    {
        await using var laptop = await Laptop.StartAsync();
        await using var dana = await Person.SignsInAsync(await laptop.OpensAsync(desk.Address), "Dana Nováková");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "Asleep", "dana", "chidi");
        await dana.OpensAsync("Asleep");
        await dana.WritesAsync("Good night");
        await dana.SeesSentAsync("Good night");
        await dana.Field.FillAsync("half a sent");

        await laptop.SleepsAsync();
        await desk.DiesAsync();
        await desk.StartsAgainAsync();
        await using (var bobAgain = await desk.ConnectsAsync("bob", "Bob Castillo"))
        {
            await Desk.PostsAsync(bobAgain, group, "one");
            await Desk.PostsAsync(bobAgain, group, "two");
        }

        await laptop.WakesAsync();

        await dana.SeesAsync("one");
        await dana.SeesAsync("two");
        (await dana.TextsAsync()).ShouldBe(["Good night", "one", "two"]);
        await Assertions.Expect(dana.Field).ToHaveValueAsync("half a sent");
        await dana.WritesAsync("Good morning");
        await dana.SeesSentAsync("Good morning");
        await Assertions.Expect(dana.Banner).ToBeEmptyAsync();
        dana.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("M4")]
    [Rule("M5")]
    [Rule("W8")]
    public async Task TwoTabs_WritingWhileTheServerIsAway_SendEachMessageOnce()
    {
        await using var chidi = await desk.SignsInAsync("Chidi Okafor");
        await using var emre = await desk.SignsInAsync("Emre Yıldız");
        await using var emres = await desk.ConnectsAsync("emre", "Emre Yıldız");
        await Desk.StartsGroupAsync(emres, "Two tabs", "chidi");
        var second = await chidi.OpensAnotherTabAsync();
        foreach (var person in new[] { chidi, second, emre })
        {
            await person.OpensAsync("Two tabs");
        }

        await chidi.WritesAsync("before");
        await second.SeesAsync("before");
        await desk.DiesAsync();
        await chidi.WritesAsync("from the first tab");
        await second.WritesAsync("from the second tab");
        await second.Page.CloseAsync();
        await desk.StartsAgainAsync();

        // What the closed tab had not sent is sent by the next one that opens.
        var third = await chidi.OpensAnotherTabAsync();
        await third.OpensAsync("Two tabs");
        foreach (var person in new[] { chidi, third, emre })
        {
            await person.ComesBackAsync();
            await person.SeesAsync("from the first tab");
            await person.SeesAsync("from the second tab");
        }

        foreach (var person in new[] { chidi, third, emre })
        {
            (await person.TextsAsync()).Order(StringComparer.Ordinal).ShouldBe(["before", "from the first tab", "from the second tab"]);
        }
    }
}
