using System.Globalization;
using Microsoft.Playwright;
using OrleansChat.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrleansChat.Browser.Tests;

/// <summary>What the pointer is on, while the page moves below it.</summary>
public sealed class PointerTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    [Rule("W4")]
    [Rule("W12")]
    public async Task Click_RightAfterTheWheelWithoutMoving_ReachesWhatIsPointedAt()
    {
        await using var dana = await desk.SignsInAsync("Dana Nováková");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "Much to scroll", "dana");
        for (var number = 1; number <= 40; number++)
        {
            await Desk.PostsAsync(bobs, group, $"line {number.ToString(CultureInfo.InvariantCulture)}");
        }

        // The group's creation is its first message.
        await bobs.CallAsync("React", new { conversationId = group, clientId = Guid.NewGuid(), seq = 38, emoji = "👍", add = true });
        await dana.OpensAsync("Much to scroll");
        await dana.SeesAsync("line 40");
        var reaction = dana.Log.GetByRole(AriaRole.Button, new() { Name = "👍" });
        await Expect(reaction).ToHaveAttributeAsync("aria-pressed", "false");
        await reaction.HoverAsync();
        await dana.Page.Mouse.WheelAsync(0, -3);
        await dana.Page.Mouse.DownAsync();
        await dana.Page.Mouse.UpAsync();

        await Expect(reaction).ToHaveAttributeAsync("aria-pressed", "true");

        // With the button down the wheel goes on, and what is selected is what was meant.
        var line = dana.Log.GetByText("line 36", new() { Exact = true });
        var box = (await line.BoundingBoxAsync())!;
        await dana.Page.Mouse.MoveAsync(box.X + 1, box.Y + (box.Height / 2));
        await dana.Page.Mouse.DownAsync();
        await dana.Page.Mouse.MoveAsync(box.X + 40, box.Y + (box.Height / 2), new() { Steps = 4 });
        await dana.Page.Mouse.WheelAsync(0, -2);
        await dana.Page.Mouse.UpAsync();
        var selected = await dana.Page.EvaluateAsync<string>("() => getSelection().toString()");
        selected.ShouldNotBeEmpty();
        "line 36".ShouldStartWith(selected);
        dana.ConsoleErrors.ShouldBeEmpty();
    }
}
