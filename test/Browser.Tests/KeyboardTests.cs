using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Everything by keyboard: nobody clicks, and no field is filled or focused for anybody.</summary>
public sealed class KeyboardTests(Desk desk) : IClassFixture<Desk>
{
    private const string WithBob = "dm/ann~bob";

    [Fact]
    [Rule("W1")]
    [Rule("W10")]
    public async Task WholeConversation_ByKeyboardAlone_FromSigningInToANewGroup()
    {
        await using var bob = await desk.ConnectsAsync("bob", "Bob Castillo");
        await using var ann = await desk.OpensAsync("Ann Bauer", "en-GB");
        var page = ann.Page;
        var keys = new Keys(page);
        var field = ann.Field;

        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Ann Bauer" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(ann.OwnMenu);

        await keys.GoToAsync(page.GetByRole(AriaRole.Searchbox, new() { Name = "Find people or groups" }));
        await keys.TypeAsync("cast");
        await page.GetByRole(AriaRole.List, new() { Name = "People found" }).WaitForAsync();
        await keys.PressAsync("ArrowDown");
        await keys.AreAtAsync(page.GetByRole(AriaRole.List, new() { Name = "People found" }).GetByRole(AriaRole.Button, new() { Name = "Bob Castillo" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(field);

        await keys.TypeAsync("Is the printer back, @cas");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync("Bob Castillo");
        await keys.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync("Is the printer back, @Bob Castillo ");
        await keys.PressAsync("Enter");
        await ann.SeesSentAsync("Is the printer back, @Bob Castillo");
        await keys.AreAtAsync(field);
        await Desk.PostsAsync(bob, WithBob, "Yes, since ten.");
        await ann.SeesAsync("Yes, since ten.");

        await keys.GoToAsync(ann.Log, "Shift+Tab");
        await keys.PressAsync("ArrowUp");
        await keys.AreAtAsync(Message(ann, "Yes, since ten."));
        await ChoosesAsync("React");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Button, new() { Name = "React with 👍" }));
        await keys.PressAsync("Enter");
        var reaction = Message(ann, "Yes, since ten.").GetByRole(AriaRole.Button, new() { Name = "👍 1 reaction: you" });
        await keys.AreAtAsync(Message(ann, "Yes, since ten."));
        await keys.GoToAsync(reaction);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(reaction).ToHaveCountAsync(0);
        await keys.AreAtAsync(Message(ann, "Yes, since ten."));

        await ChoosesAsync("Reply");
        await keys.AreAtAsync(field);
        await Assertions.Expect(page.GetByText("Answering Bob Castillo")).ToBeVisibleAsync();
        await keys.TypeAsync("Thanks");
        await keys.PressAsync("Enter");
        await ann.SeesSentAsync("Thanks");
        await Assertions.Expect(Message(ann, "Thanks").GetByRole(AriaRole.Button, new() { Name = "In reply to Bob Castillo: Yes, since ten." })).ToBeVisibleAsync();
        await keys.AreAtAsync(field);

        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(field).ToHaveValueAsync("Thanks");
        await keys.AreAtAsync(field);
        await keys.TypeAsync(" a lot");
        await page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync("Thanks a lot");
        await Assertions.Expect(field).ToHaveValueAsync(string.Empty);
        await keys.AreAtAsync(field);

        await keys.GoToAsync(Message(ann, "Yes, since ten.").First, "Shift+Tab");
        await keys.PressAsync("ArrowUp");
        await ChoosesAsync("Delete");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Delete this message?" });
        await keys.GoToAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(ann.Log.GetByRole(AriaRole.Article).Filter(new() { HasText = "This message was deleted." }).First);

        var details = page.GetByRole(AriaRole.Button, new() { Name = "Details", Exact = true });
        await keys.GoToAsync(details, "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        var pane = page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await keys.AreAtAsync(pane.GetByRole(AriaRole.Heading, new() { Name = "Details" }));
        await keys.GoToAsync(pane.GetByRole(AriaRole.Combobox, new() { Name = "Notify me of" }));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(pane).ToHaveCountAsync(0);
        await keys.AreAtAsync(details);

        await keys.PressAsync("Control+k");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Combobox, new() { Name = "Person or group" }));
        await keys.TypeAsync("support");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync("Support team");
        await page.Keyboard.PressAsync("Enter");
        await IsInAsync("Support team");
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await IsInAsync("Bob Castillo");
        await page.Keyboard.PressAsync("Alt+ArrowDown");
        await IsInAsync("Support team");

        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }), "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "New conversation" });
        var find = dialog.GetByRole(AriaRole.Combobox, new() { Name = "Find people" });
        await keys.AreAtAsync(find);
        await keys.GoToAsync(dialog.GetByRole(AriaRole.Radio, new() { Name = "With one person" }), "Shift+Tab");
        await keys.PressAsync("ArrowDown");
        await keys.AreAtAsync(dialog.GetByRole(AriaRole.Radio, new() { Name = "A group" }));
        await keys.GoToAsync(dialog.GetByRole(AriaRole.Textbox, new() { Name = "Name of the group" }));
        await keys.TypeAsync("Printers");
        await keys.GoToAsync(find);
        foreach (var name in new[] { "Chidi Okafor", "Dana Nováková" })
        {
            await keys.TypeAsync(name);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
            await Assertions.Expect(dialog.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync(name);
            await keys.PressAsync("Enter");
        }

        await keys.GoToAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Create the group" }));
        await page.Keyboard.PressAsync("Enter");
        await IsInAsync("Printers");
        ann.ConsoleErrors.ShouldBeEmpty();

        async Task ChoosesAsync(string item)
        {
            await keys.PressAsync("Enter");
            await keys.GoToAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = item }), "ArrowDown");
            await page.Keyboard.PressAsync("Enter");
        }

        async Task IsInAsync(string title)
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 })).ToBeVisibleAsync();
            await keys.AreAtAsync(field);
        }
    }

    [Fact]
    [Rule("W10")]
    [Rule("L5")]
    public async Task NarrowPage_ByKeyboardAlone_TheFocusGoesWithWhatIsShown()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Scgweners", "gwen");
        await Desk.PostsAsync(dan, group, "The scgwener is on floor 2.");
        await using var gwen = await desk.SignsInAsync("Gwen O'Neill", width: 380);
        var page = gwen.Page;
        var keys = new Keys(page);
        var row = gwen.Row("Support team").GetByRole(AriaRole.Button);

        await keys.GoToAsync(gwen.Row("Scgweners").GetByRole(AriaRole.Button));
        await keys.GoToAsync(row, "ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(gwen.Field);
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Details", Exact = true }), "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Main, new() { Name = "Details" }).GetByRole(AriaRole.Heading, new() { Name = "Details" }));
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Close" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Button, new() { Name = "Details", Exact = true }));
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Back" }), "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(row);

        // What was found is shown where it was said, and "back" leads to the rest of what was found.
        await page.Keyboard.PressAsync("Control+f");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Combobox, new() { Name = "Search messages" }));
        await keys.TypeAsync("scgwener");
        await keys.PressAsync("Enter");
        var found = page.GetByRole(AriaRole.List, new() { Name = "Messages found" }).GetByRole(AriaRole.Button);
        await keys.GoToAsync(found);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(gwen.Log.GetByText("The scgwener is on floor 2.")).ToBeInViewportAsync();
        await keys.AreAtAsync(gwen.Field);
        await page.GoBackAsync();
        await Assertions.Expect(found).ToBeVisibleAsync();
    }

    [Fact]
    [Rule("W10")]
    public async Task ControlThatGoesAway_WithTheFocus_GivesItToWhatIsNearest()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Vanishing", "fatima", "bob");
        await Desk.PostsAsync(dan, group, "Tea or coffee?");
        await using var fatima = await desk.SignsInAsync("Fatima El-Sayed");
        var page = fatima.Page;
        var keys = new Keys(page);
        var field = fatima.Field;
        await page.Keyboard.PressAsync("Control+k");
        await keys.TypeAsync("vanishing");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync("Vanishing");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(field);
        await fatima.SeesAsync("Tea or coffee?");

        // The bar of an answer, put away by its own button.
        await keys.GoToAsync(fatima.Log, "Shift+Tab");
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Enter");
        await keys.GoToAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = "Reply" }), "ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(field);
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Do not answer this message" }), "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(field);

        // The preview, left by Esc.
        await keys.TypeAsync("**Tea**");
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Bold (Ctrl+B)" }));
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Preview" }), "ArrowRight");
        await keys.PressAsync("Enter");
        await keys.GoToAsync(page.GetByRole(AriaRole.Region, new() { Name = "Preview of the message" }), "Shift+Tab");
        await page.Keyboard.PressAsync("Escape");
        await keys.AreAtAsync(field);
        await keys.PressAsync("Enter");
        await fatima.SeesSentAsync("Tea");

        // A member, removed by the menu of the row that goes.
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Details", Exact = true }), "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        var heading = page.GetByRole(AriaRole.Heading, new() { Name = "Details" });
        await keys.AreAtAsync(heading);
        await keys.GoToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Actions for Bob Castillo" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.GoToAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = "Remove Bob Castillo" }), "ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await keys.GoToAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove Bob Castillo" }));
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(heading);

        // The whole chat, signed out of.
        await keys.GoToAsync(fatima.OwnMenu, "Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await keys.GoToAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }), "ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await keys.AreAtAsync(page.GetByRole(AriaRole.Heading, new() { Name = "Who are you?" }));
        fatima.ConsoleErrors.ShouldBeEmpty();
    }

    private static ILocator Message(Person person, string text) =>
        person.Log.GetByRole(AriaRole.Article).Filter(new() { Has = person.Page.GetByText(text, new() { Exact = true }) });
}
