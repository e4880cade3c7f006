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
            constructor(title, { body, tag }) {
                this.text = `${title}: ${body}`;
                window.popups.push(this.text);
                this.tag = tag;
            }
            close() {
                window.popups.splice(window.popups.indexOf(this.text), 1);
                this.onclose?.();
            }
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
        (await ann.Page.Locator("link[rel=icon]").GetAttributeAsync("href")).ShouldBe("/icon-mention.svg");
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

    private static async Task<IReadOnlyList<string>> PopupsAsync(Person person) => await person.Page.EvaluateAsync<string[]>("() => window.popups");
}
