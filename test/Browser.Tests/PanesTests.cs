using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Details, mentions, search, the switcher and the keys that work everywhere.</summary>
public abstract class PanesTests(Desk desk)
{
    [Fact]
    [Rule("C5")]
    [Rule("C10")]
    [Rule("N7")]
    public async Task Details_OfAGroup_RenameAddRemoveMuteLeave()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.SignsInAsync("Bob Castillo");
        await Desk.StartsGroupAsync(dan, "Printers", "ann", "bob");
        await ann.OpensAsync("Printers");
        await bob.OpensAsync("Printers");

        await ann.OpensPaneAsync("Details");
        await ann.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name of the group" }).FillAsync("Printers and scanners");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(bob.Page.GetByRole(AriaRole.Heading, new() { Name = "Printers and scanners" })).ToBeVisibleAsync();

        var members = ann.Page.GetByRole(AriaRole.List, new() { Name = "Members" });
        await Assertions.Expect(members.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Add people" }).ClickAsync();
        var dialog = ann.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = "Find people" }).FillAsync("Chidi");
        await dialog.GetByRole(AriaRole.Option).Filter(new() { HasText = "Chidi Okafor" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add 1 person" }).ClickAsync();
        await Assertions.Expect(members.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Actions for Bob Castillo" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Remove Bob Castillo" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("They lose access to all of it at once.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove Bob Castillo" }).ClickAsync();
        await Assertions.Expect(members.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Assertions.Expect(bob.Page.GetByText("You do not belong to this conversation any more.")).ToBeVisibleAsync();
        await Assertions.Expect(bob.Row("Printers and scanners")).ToHaveCountAsync(0);

        await ann.Page.GetByRole(AriaRole.Combobox, new() { Name = "Notify me of" }).SelectOptionAsync(["Every message"]);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Mute this conversation" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Until I turn it on again" }).ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("Muted until you turn it on again.")).ToBeVisibleAsync();
        await ann.LooksAsync("details");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Leave the group" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(ann.Row("Printers and scanners")).ToHaveCountAsync(1);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Leave the group" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave the group" }).ClickAsync();
        await Assertions.Expect(ann.Row("Printers and scanners")).ToHaveCountAsync(0);
        ann.ConsoleErrors.ShouldBeEmpty();
        bob.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("N10")]
    [Rule("M10")]
    public async Task Mentions_OfMe_StandInTheirViewUntilDoneAndLeadToTheirPlace()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Night shift", "ann");
        await Desk.PostsAsync(dan, group, "<@ann> can you take over?");
        for (var number = 1; number <= 60; number++)
        {
            await Desk.PostsAsync(dan, group, $"line {number}");
        }

        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.Page.Keyboard.PressAsync("Control+Shift+M");
        var mention = ann.Page.GetByRole(AriaRole.List, new() { Name = "Mentions" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = "can you take over?" });
        await Assertions.Expect(mention).ToContainTextAsync("Night shift");
        await ann.LooksAsync("mentions");
        await mention.GetByRole(AriaRole.Button).First.ClickAsync();
        await Assertions.Expect(ann.Log.GetByText("can you take over?")).ToBeInViewportAsync();

        await mention.GetByRole(AriaRole.Button, new() { Name = "Mark as done" }).ClickAsync();
        await Assertions.Expect(mention.GetByRole(AriaRole.Button, new() { Name = "Mark as not done" })).ToBeVisibleAsync();
        await ann.Page.GetByRole(AriaRole.Radio, new() { Name = "Unread" }).CheckAsync();
        await Assertions.Expect(mention).ToHaveCountAsync(0);

        await ann.Page.GetByRole(AriaRole.Radio, new() { Name = "All" }).CheckAsync();
        await Assertions.Expect(mention).ToHaveCountAsync(1);
        await dan.CallAsync("Delete", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2 });
        await Assertions.Expect(mention).ToHaveCountAsync(0);
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("L5")]
    [Rule("L6")]
    public async Task Search_WordsAndOperators_FindsMarksAndOpensWhereItWasSaid()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Archive", "ann");
        await Desk.PostsAsync(dan, group, "the Käse is at 10.0.0.1");
        for (var number = 1; number <= 80; number++)
        {
            await Desk.PostsAsync(dan, group, $"noise {number}");
        }

        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Archive");
        await ann.Page.Keyboard.PressAsync("Control+f");
        var field = ann.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search messages" });
        await Assertions.Expect(field).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync("kase 10.0.0.1");
        await ann.Page.Keyboard.PressAsync("Enter");
        var results = ann.Page.GetByRole(AriaRole.List, new() { Name = "Messages found" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(ann.Page.GetByText("1 message found")).ToBeVisibleAsync();
        (await results.First.Locator("mark").AllInnerTextsAsync()).ShouldBe(["Käse", "10.0.0.1"]);
        await ann.LooksAsync("search");
        await results.First.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ann.Log.GetByText("the Käse is at 10.0.0.1")).ToBeInViewportAsync();

        await ann.Page.ReloadAsync();
        await Assertions.Expect(field).ToHaveValueAsync($"in:{group} kase 10.0.0.1");
        await Assertions.Expect(ann.Log.GetByText("the Käse is at 10.0.0.1")).ToBeInViewportAsync();
        await field.FillAsync("before:");
        await field.PressAsync("Enter");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Complementary, new() { Name = "Search" })).ToContainTextAsync("before");
        await field.FillAsync("fr");
        await field.PressAsync("ArrowDown");
        await field.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync("from:");
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("L4")]
    [Rule("W1")]
    public async Task Switcher_AFewLetters_GoesThereByKeysAlone()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Old name", "ann");
        await dan.CallAsync("Rename", new { conversationId = group, clientId = Guid.NewGuid(), title = "Zebra crossing" });
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.Row("Zebra crossing").WaitForAsync();

        await ann.Page.Keyboard.PressAsync("Control+k");
        await ann.Page.Keyboard.TypeAsync("zebra");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Zebra crossing");
        await ann.LooksAsync("switcher");
        await ann.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Zebra crossing" })).ToBeVisibleAsync();

        await ann.Page.Keyboard.PressAsync("Control+k");
        await ann.Page.Keyboard.TypeAsync("old name");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("formerly Old name");
        await ann.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await ann.Page.Keyboard.PressAsync("Control+/");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await ann.LooksAsync("shortcuts");
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("U12")]
    public async Task MarkAllRead_Undone_IsAsItWas()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Busy group", "gwen");
        await Desk.PostsAsync(dan, group, "one");
        await Desk.PostsAsync(dan, group, "two");
        await using var gwen = await desk.SignsInAsync("Gwen");
        var badge = gwen.Row("Busy group").GetByRole(AriaRole.Img, new() { NameRegex = new("unread") });
        await badge.WaitForAsync();

        await gwen.Page.Keyboard.PressAsync("Shift+Escape");
        await Assertions.Expect(badge).ToHaveCountAsync(0);
        await gwen.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(badge).ToBeVisibleAsync();
        gwen.ConsoleErrors.ShouldBeEmpty();
    }
}
