using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Popups, the tab's title and icon: what tells somebody who looks elsewhere.</summary>
public sealed class NotificationTests(Desk desk) : IClassFixture<Desk>
{
    /// <summary>The system's popups cannot be seen from here: in their place stands a list of what was asked for.</summary>
    private const string RecordPopups = """
        window.popups = [];
        window.Notification = class {
            static permission = 'granted';
            static requestPermission = async () => 'granted';
            constructor(title, { body, tag, icon }) {
                this.text = `${title}: ${body}`;
                this.icon = icon;
                window.popups.push(this.text);
                window.lastPopup = this;
                this.tag = tag;
            }
            close() {
                window.popups.splice(window.popups.indexOf(this.text), 1);
                this.onclose?.();
            }
        };
        """;

    /// <summary>Windows of these browsers never lose the focus: the page is told that its one has.</summary>
    private const string LooksElsewhere = """
        () => {
            document.hasFocus = () => false;
            window.dispatchEvent(new Event('blur'));
        }
        """;

    /// <summary>What is played cannot be heard from here: the frequencies of all tones that are begun are listed.</summary>
    private const string RecordSounds = """
        window.heard = [];
        const begin = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) {
            window.heard.push(Math.round(this.frequency.value));
            begin.apply(this, when);
        };
        """;

    [Fact]
    [Rule("N8")]
    [Rule("N9")]
    [Rule("W9")]
    public async Task Message_InAnotherConversation_PopsUpOnOneTabAndGoesWhenItIsRead()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer", before: RecordPopups);
        var second = await ann.OpensAnotherTabAsync(RecordPopups);
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");

        await Desk.PostsAsync(fay, "dm/ann~fay", "lunch?");
        await ann.Page.WaitForFunctionAsync("() => document.title.startsWith('(1)')");
        await second.Page.WaitForFunctionAsync("() => document.title.startsWith('(1)')");
        (await PopupsAsync(ann)).Concat(await PopupsAsync(second)).ShouldBe(["Fay Novak: lunch?"]);

        await second.OpensAsync("Fay Novak");
        await second.Page.WaitForFunctionAsync("() => document.title === 'Chat'");
        await ann.Page.WaitForFunctionAsync("() => document.title === 'Chat'");
        (await PopupsAsync(ann)).Concat(await PopupsAsync(second)).ShouldBeEmpty();

        // Somebody looks at this conversation, in that tab.
        await Desk.PostsAsync(fay, "dm/ann~fay", "or later?");
        await second.SeesAsync("or later?");
        (await PopupsAsync(ann)).Concat(await PopupsAsync(second)).ShouldBeEmpty();
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W9")]
    public async Task Icons_OfTabAndPopup_TellWhatIsUnreadAndCanBeShown()
    {
        await using var dana = await desk.SignsInAsync("Dana Nováková", before: RecordPopups);
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");
        List<string> icons = [await IconAsync()];

        var group = await Desk.StartsGroupAsync(fay, "Lunch", "dana");
        await Desk.PostsAsync(fay, group, "Who comes along?");
        await dana.Page.WaitForFunctionAsync("() => document.title.startsWith('•')");
        icons.Add(await IconAsync());

        await Desk.PostsAsync(fay, "dm/dana~fay", "You do?");
        await dana.Page.WaitForFunctionAsync("() => document.title.startsWith('(1)') && window.popups.length === 1");
        icons.Add(await IconAsync());
        icons.Distinct().Count().ShouldBe(3);
        icons.Add(await dana.Page.EvaluateAsync<string>("() => window.lastPopup.icon"));

        foreach (var icon in icons)
        {
            (await dana.Page.EvaluateAsync<int>("async icon => (await createImageBitmap(await (await fetch(icon)).blob())).width", icon)).ShouldBe(96, icon);
        }

        async Task<string> IconAsync() => (await dana.Page.Locator("link[rel=icon]").GetAttributeAsync("href"))!;
    }

    [Fact]
    [Rule("N8")]
    public async Task Message_InTheOpenConversationOfAWindowInTheBackground_PopsUpAndLeadsThere()
    {
        await using var bob = await desk.SignsInAsync("Bob Castillo", before: RecordPopups);
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");
        await Desk.PostsAsync(fay, "dm/bob~fay", "lunch?");
        await bob.OpensAsync("Fay Novak");
        await bob.SeesAsync("lunch?");
        await bob.Page.EvaluateAsync(LooksElsewhere);

        await Desk.PostsAsync(fay, "dm/bob~fay", "at noon?");
        await bob.Page.WaitForFunctionAsync("() => window.popups.includes('Fay Novak: at noon?')");
        await bob.OpensAsync("Support team");
        await Assertions.Expect(bob.Page.GetByRole(AriaRole.Heading, new() { Name = "Support team" })).ToBeVisibleAsync();
        await bob.Page.EvaluateAsync("() => window.lastPopup.onclick()");

        await bob.SeesAsync("at noon?");
        (await PopupsAsync(bob)).ShouldNotContain("Fay Novak: at noon?");
        bob.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("N8")]
    public async Task Message_InAnOpenConversationThatCannotBeShown_PopsUp()
    {
        await using var emre = await desk.OpensAsync("Emre Yıldız", "en-GB");
        var page = emre.Page;
        await page.AddInitScriptAsync(RecordPopups);
        await page.ReloadAsync();
        await page.RouteAsync("**/assets/conversationView-*.js", route => route.AbortAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Emre Yıldız" }).ClickAsync();
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");
        await Desk.PostsAsync(fay, "dm/emre~fay", "lunch?");
        await emre.OpensAsync("Fay Novak");
        await Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Alert)).ToContainTextAsync("This part of the chat could not be loaded.");

        await Desk.PostsAsync(fay, "dm/emre~fay", "at noon?");
        await page.WaitForFunctionAsync("() => window.popups.includes('Fay Novak: at noon?')");

        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await emre.SeesAsync("at noon?");
        await page.WaitForFunctionAsync("() => window.popups.length === 0");
        await Desk.PostsAsync(fay, "dm/emre~fay", "or one?");
        await emre.SeesAsync("or one?");
        (await PopupsAsync(emre)).ShouldBeEmpty();
    }

    [Fact]
    [Rule("N8")]
    public async Task Sound_OfNotifications_IsPlayedWhenChosenAndWhenAMessageComes()
    {
        await using var chidi = await desk.SignsInAsync("Chidi Okafor", before: RecordPopups + RecordSounds);
        await using var fay = await desk.ConnectsAsync("fay", "Fay Novak");
        await ChoosesSoundAsync("Bell");
        (await HeardAsync()).ShouldBe([880, 1760]);

        // To have tried one is no reason not to hear the next.
        await Desk.PostsAsync(fay, "dm/chidi~fay", "lunch?");
        await chidi.Page.WaitForFunctionAsync("() => window.popups.length === 1");
        (await HeardAsync()).ShouldBe([880, 1760, 880, 1760]);

        await ChoosesSoundAsync("None");
        await chidi.Page.ReloadAsync();
        await chidi.List.WaitForAsync();
        await Desk.PostsAsync(fay, "dm/chidi~fay", "or later?");
        await chidi.Page.WaitForFunctionAsync("() => window.popups.length === 1");
        (await HeardAsync()).ShouldBeEmpty();
        chidi.ConsoleErrors.ShouldBeEmpty();

        Task<int[]> HeardAsync() => chidi.Page.EvaluateAsync<int[]>("() => window.heard");

        async Task ChoosesSoundAsync(string sound)
        {
            await chidi.OwnMenu.ClickAsync();
            await chidi.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Settings" }).ClickAsync();
            await chidi.Page.GetByRole(AriaRole.Combobox, new() { Name = "Sound of a notification" }).SelectOptionAsync(sound);
            await chidi.Page.Keyboard.PressAsync("Escape");
        }
    }

    private static async Task<IReadOnlyList<string>> PopupsAsync(Person person) => await person.Page.EvaluateAsync<string[]>("() => window.popups");
}
