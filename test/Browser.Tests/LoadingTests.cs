using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Parts of the client that are loaded when they are needed, and cannot be.</summary>
public sealed class LoadingTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    [Rule("W8")]
    public async Task PartThatCannotBeLoaded_IsSaidInItsPlaceAndTriedAgain()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        await page.RouteAsync("**/assets/settingsDialog-*.js", route => route.AbortAsync());
        // As a server of today answers a page of yesterday.
        await page.RouteAsync("**/assets/detailsPane-*.js", route => route.FulfillAsync(new() { Status = 404 }));

        var pane = await OpensDetailsInVainAsync(ann);
        await Assertions.Expect(ann.Field).ToBeEditableAsync();
        await ann.LooksAsync("not-loaded");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();

        await ann.OwnMenu.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Settings" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Not loaded" });
        await Assertions.Expect(dialog).ToContainTextAsync("This part of the chat could not be loaded.");
        await page.UnrouteAllAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Settings" }).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await pane.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(pane.GetByRole(AriaRole.Textbox, new() { Name = "Name of the group" })).ToHaveValueAsync("Support team");
    }

    [Fact]
    [Rule("W8")]
    public async Task PaneThatBreaks_SaysSoInItsPlaceAndTheRestGoesOn()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        await page.RouteAsync("**/assets/detailsPane-*.js", route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript", Body = "export const DetailsPane = () => { throw new Error('broken') }",
        }));

        var pane = await OpensDetailsInVainAsync(ann);
        await ann.WritesAsync("still here");
        await ann.SeesSentAsync("still here");
        await page.UnrouteAllAsync();
        await pane.GetByRole(AriaRole.Button, new() { Name = "Load the page anew" }).ClickAsync();
        await Assertions.Expect(pane.GetByRole(AriaRole.Textbox, new() { Name = "Name of the group" })).ToHaveValueAsync("Support team");
    }

    [Fact]
    [Rule("W8")]
    public async Task ConversationsThatCannotBeLoadedYet_AreWaitedForAndTheListIsThere()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        var held = await SignsInWithoutConversationsAsync(page);
        await ann.Row("Support team").ClickAsync();
        var conversation = page.GetByRole(AriaRole.Main, new() { Name = "Support team" });

        await Assertions.Expect(conversation).ToContainTextAsync("Loading messages");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        var asked = await held;
        await Assertions.Expect(ann.Field).ToHaveCountAsync(0);
        await asked.AbortAsync();
        await Assertions.Expect(conversation.GetByRole(AriaRole.Alert)).ToContainTextAsync("This part of the chat could not be loaded.");
        await ann.LooksAsync("conversations-not-loaded");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        await page.UnrouteAllAsync();
        await conversation.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Assertions.Expect(ann.Field).ToBeFocusedAsync();
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ConversationsThatComeLate_LeaveTheFocusToWhoWritesElsewhere()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        var held = await SignsInWithoutConversationsAsync(page);
        await ann.Row("Support team").ClickAsync();
        var finder = page.GetByRole(AriaRole.Searchbox, new() { Name = "Find people or groups" });
        await finder.PressSequentiallyAsync("bo");

        await (await held).ContinueAsync();

        await ann.Field.WaitForAsync();
        await page.Keyboard.TypeAsync("b");
        await Assertions.Expect(finder).ToHaveValueAsync("bob");
        await Assertions.Expect(finder).ToBeFocusedAsync();
    }

    [Fact]
    public async Task ConversationThatCameLateOutOfSight_TakesTheFocusWhenItIsOpened()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        var held = await SignsInWithoutConversationsAsync(page);
        var asked = await held;
        await ann.Row("Support team").WaitForAsync();
        // The list's first conversation is made ready meanwhile, and waits for it.
        await ann.RestsAsync();
        await asked.ContinueAsync();
        await page.Locator(".conversation[aria-hidden=true] .log").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var finder = page.GetByRole(AriaRole.Searchbox, new() { Name = "Find people or groups" });
        await finder.FillAsync("Support team");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Support team") }).First.WaitForAsync();

        await finder.PressAsync("Enter");

        await Assertions.Expect(ann.Field).ToBeFocusedAsync();
    }

    /// <summary>Signs in as Ann and opens the details of a group, which say that they cannot be shown.</summary>
    private static async Task<ILocator> OpensDetailsInVainAsync(Person ann)
    {
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }).ClickAsync();
        await ann.OpensAsync("Support team");
        await ann.OpensPaneAsync("Details");
        var pane = ann.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await Assertions.Expect(pane.GetByRole(AriaRole.Alert)).ToContainTextAsync("This part of the chat could not be loaded.");
        return pane;
    }

    /// <summary>Signs in as Ann; what shows conversations is not let through, and is the answer as soon as it is asked for.</summary>
    private static async Task<Task<IRoute>> SignsInWithoutConversationsAsync(IPage page)
    {
        var held = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/assets/conversationView-*.js", route => held.TrySetResult(route));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }).ClickAsync();
        return held.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LinkToAConversationOfOthers_SaysSoAndWhoIsSignedInIsAskedOnce()
    {
        await using var emre = await desk.SignsInAsync("Emre Yıldız");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "Without Emre", "ann");
        var asked = 0;
        emre.Page.Request += (_, request) => asked += request.Url.EndsWith("/api/session", StringComparison.Ordinal) ? 1 : 0;

        await emre.Page.GotoAsync($"/#/c/{Uri.EscapeDataString(group)}");
        await emre.Page.ReloadAsync();

        await Assertions.Expect(emre.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("You do not belong to this conversation any more.");
        await Assertions.Expect(emre.List).ToBeVisibleAsync();
        asked.ShouldBe(1);
    }

    [Fact]
    [Rule("W8")]
    public async Task ClientThatBreaks_SaysSoInsteadOfShowingNothing()
    {
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }).WaitForAsync();
        var closed = new TaskCompletionSource();
        page.WebSocket += (_, socket) => socket.Close += (_, _) => closed.TrySetResult();
        await page.EvaluateAsync("() => Object.defineProperty(window, 'Notification', { get: () => { throw new Error('broken') } })");

        await page.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "Something in the chat has broken" }).WaitForAsync();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Button, new() { Name = "Load the page anew" }).ClickAsync();
        await ann.List.WaitForAsync();
    }
}
