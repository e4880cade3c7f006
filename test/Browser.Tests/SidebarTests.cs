using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>The list of conversations and what stands around it: who is there, who writes, what is new.</summary>
public sealed class SidebarTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    [Rule("T2")]
    [Rule("T3")]
    [Rule("T4")]
    [Rule("T5")]
    public async Task Typing_DirectConversation_IsSeenInRowAndConversationUntilTheMessage()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.SignsInAsync("Bob Castillo");
        await ann.OpensConversationWithAsync("Bob Castillo");
        await ann.WritesAsync("Are you there?");
        await bob.OpensAsync("Ann Bauer");
        await bob.SeesAsync("Are you there?");

        await bob.Field.PressSequentiallyAsync("On my w");
        await Expect(ann.Row("Bob Castillo")).ToContainTextAsync("typing…");
        await Expect(WhoTypes(ann)).ToHaveTextAsync("Bob Castillo is typing…");
        await Expect(WhoTypes(bob)).ToBeEmptyAsync();
        await ann.LooksAsync("sidebar-typing");

        await bob.WritesAsync("On my way");
        await ann.SeesAsync("On my way");
        await Expect(WhoTypes(ann)).ToBeEmptyAsync();
        await Expect(ann.Row("Bob Castillo")).Not.ToContainTextAsync("typing…");
    }

    [Fact]
    [Rule("P1")]
    [Rule("P6")]
    [Rule("P8")]
    public async Task Status_Chosen_IsSeenByOthersAndByOneself()
    {
        await using var chidi = await desk.SignsInAsync("Chidi Okafor");
        await using var dana = await desk.SignsInAsync("Dana Nováková");
        await chidi.OpensConversationWithAsync("Dana Nováková");
        await chidi.WritesAsync("Hello");
        await chidi.SeesSentAsync("Hello");
        var dot = chidi.Row("Dana Nováková");
        await Expect(dot.GetByRole(AriaRole.Img, new() { Name = "Online" })).ToBeVisibleAsync();

        await ChoosesAsync(dana, "Do not disturb until I end it");
        await Expect(dot.GetByRole(AriaRole.Img, new() { Name = "Do not disturb" })).ToBeVisibleAsync();
        await Expect(Header(chidi)).ToContainTextAsync("Do not disturb");
        await Expect(dana.OwnMenu).ToContainTextAsync("Do not disturb");
        await chidi.LooksAsync("sidebar-status");

        await ChoosesAsync(dana, "Appear offline");
        await Expect(dot.GetByRole(AriaRole.Img, new() { Name = "Offline" })).ToBeVisibleAsync();
        await Expect(Header(chidi)).ToContainTextAsync("Offline");
        await Expect(Header(chidi)).Not.ToContainTextAsync("last seen");
        await Expect(dana.OwnMenu).ToContainTextAsync("Offline");

        await ChoosesAsync(dana, "Automatic");
        await Expect(dot.GetByRole(AriaRole.Img, new() { Name = "Online" })).ToBeVisibleAsync();
    }

    [Fact]
    [Rule("L1")]
    [Rule("L3")]
    public async Task Group_Created_OpensForItsMakerAndComesToTheOthers()
    {
        await using var emre = await desk.SignsInAsync("Emre Yıldız");
        await using var fatima = await desk.SignsInAsync("Fatima El-Sayed");
        await emre.Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        var dialog = emre.Page.GetByRole(AriaRole.Dialog, new() { Name = "New conversation" });
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "A group" }).CheckAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Name of the group" }).FillAsync("Printers");
        foreach (var name in new[] { "Fatima El-Sayed", "Gwen O'Neill" })
        {
            await dialog.GetByRole(AriaRole.Combobox, new() { Name = "Find people" }).FillAsync(name);
            await dialog.GetByRole(AriaRole.Option, new() { Name = name }).ClickAsync();
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take Gwen O'Neill off the list" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create the group" }).ClickAsync();
        await Expect(Header(emre)).ToContainTextAsync("Printers");
        await Expect(Header(emre)).ToContainTextAsync("2 members");
        await Expect(fatima.Row("Printers")).ToHaveCountAsync(1);

        // A message from elsewhere moves its row to the top, into a block of its own; the open one stays where it is.
        await fatima.OpensConversationWithAsync("Emre Yıldız");
        await fatima.WritesAsync("Paper jam");
        await Expect(Rows(emre).First).ToContainTextAsync("Fatima El-Sayed");
        await Expect(emre.Page.GetByRole(AriaRole.Heading, new() { Name = "Unread" })).ToBeVisibleAsync();
        await fatima.OpensAsync("Printers");
        await fatima.WritesAsync("Second floor again");
        await emre.SeesAsync("Second floor again");
        await Expect(Rows(emre).First).ToContainTextAsync("Fatima El-Sayed");
        await Expect(Rows(emre).Nth(1)).ToContainTextAsync("Recent");
        await Expect(Rows(emre).Nth(1)).ToContainTextAsync("Second floor again");
        await emre.LooksAsync("sidebar-blocks");
        emre.ConsoleErrors.ShouldBeEmpty();
        fatima.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W1")]
    public async Task List_ByKeyboard_MovesAndOpens()
    {
        await using var gwen = await desk.SignsInAsync("Gwen O'Neill");
        foreach (var name in new[] { "Bob Castillo", "Ann Bauer" })
        {
            await gwen.OpensConversationWithAsync(name);
            await gwen.WritesAsync($"Hello {name}");
            await gwen.SeesSentAsync($"Hello {name}");
        }

        await Row(gwen, "Ann Bauer").FocusAsync();
        await gwen.Page.Keyboard.PressAsync("Home");
        await Expect(Row(gwen, "Ann Bauer")).ToBeFocusedAsync();
        await gwen.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Row(gwen, "Bob Castillo")).ToBeFocusedAsync();
        await gwen.Page.Keyboard.PressAsync("End");
        await Expect(Row(gwen, "Support team")).ToBeFocusedAsync();
        await gwen.Page.Keyboard.PressAsync("Enter");
        await Expect(Header(gwen)).ToContainTextAsync("Support team");
        await gwen.Page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(Header(gwen)).ToContainTextAsync("Bob Castillo");
        await gwen.Page.Keyboard.PressAsync("Alt+ArrowDown");
        await Expect(Header(gwen)).ToContainTextAsync("Support team");
    }

    [Fact]
    [Rule("C2")]
    public async Task UnwrittenConversation_OpenedFromItsAddress_CanBeWrittenIn()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensConversationWithAsync("Chidi Okafor");
        await ann.Page.ReloadAsync();
        await Expect(Header(ann)).ToContainTextAsync("Chidi Okafor");
        await ann.WritesAsync("After the reload");
        await ann.SeesSentAsync("After the reload");
        await Expect(ann.Row("Chidi Okafor")).ToHaveCountAsync(1);
    }

    [Fact]
    [Rule("L1")]
    public async Task Settings_OrderByLastActivity_IsOneListAndStaysAfterAReload()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.SignsInAsync("Bob Castillo");
        await bob.OpensConversationWithAsync("Ann Bauer");
        await bob.WritesAsync("Look at this");
        var unread = ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Unread" });
        await Expect(unread).ToBeVisibleAsync();

        await ann.OwnMenu.ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Settings" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Combobox, new() { Name = "Order of conversations" }).SelectOptionAsync("By last activity");
        await ann.LooksAsync("sidebar-settings");
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(unread).ToHaveCountAsync(0);
        await ann.Page.ReloadAsync();
        await Expect(ann.Row("Bob Castillo")).ToHaveCountAsync(1);
        await Expect(unread).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Row_InAPageThatBegins_IsThereBeforeAnyFormatIsMadeAndGetsItsTime()
    {
        await using var chidi = await desk.SignsInAsync("Chidi Okafor");
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");
        await Desk.PostsAsync(fay, "dm/chidi~fay", "lunch?");
        await chidi.Page.AddInitScriptAsync("""
            window.made = []
            for (const name of ['NumberFormat', 'DateTimeFormat']) {
              const note = () => window.made.push(name)
              Intl[name] = new Proxy(Intl[name], {
                construct: (format, given) => (note(), Reflect.construct(format, given)),
                get: (format, key) => (key === 'supportedLocalesOf' && note(), format[key]),
              })
            }
            new MutationObserver(() => {
              if (document.querySelector('[data-conversation-id]')) window.madeBefore ??= [...window.made]
            }).observe(document, { subtree: true, childList: true })
            """);

        await chidi.Page.ReloadAsync();

        await Expect(chidi.Row("Fay Novak").GetByRole(AriaRole.Img, new() { Name = "1 unread, 1 for you" })).ToHaveTextAsync("1");
        await Expect(chidi.Row("Fay Novak").Locator("time")).Not.ToBeEmptyAsync();
        (await chidi.Page.EvaluateAsync<string[]>("() => window.madeBefore")).ShouldBeEmpty();
        (await chidi.Page.EvaluateAsync<string[]>("() => window.made")).ShouldContain("DateTimeFormat");
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static ILocator Rows(Person person) =>
        person.List.GetByRole(AriaRole.Listitem);

    private static ILocator Row(Person person, string title) => person.Row(title).GetByRole(AriaRole.Button);

    private static ILocator Header(Person person) => person.Page.GetByRole(AriaRole.Main).Locator("header");

    private static ILocator WhoTypes(Person person) => person.Page.GetByRole(AriaRole.Status, new() { Name = "Who is typing" });

    private static async Task ChoosesAsync(Person person, string status)
    {
        await person.OwnMenu.ClickAsync();
        await person.Page.GetByRole(AriaRole.Menuitemradio, new() { Name = status }).ClickAsync();
    }
}
