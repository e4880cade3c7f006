using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Writing: keys, mentions, drafts, answers and edits, and what the server asks back.</summary>
public sealed class WritingTests(Desk desk) : IClassFixture<Desk>
{
    /// <summary>How often a message was sent from the page.</summary>
    private const string CountPosts = """
        window.posts = 0;
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) {
            window.posts += data.includes('"target":"Post"') ? 1 : 0;
            send.call(this, data);
        };
        """;

    /// <summary>While <c>holdsPosts</c> is set, what was written does not leave the page before <c>sendHeld</c> is called.</summary>
    private const string HoldPosts = """
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) {
            if (window.holdsPosts && data.includes('"target":"Post"')) window.sendHeld = () => send.call(this, data);
            else send.call(this, data);
        };
        """;

    [Fact]
    [Rule("W8")]
    public async Task RefusedMessage_SaysWhyAndIsEditedSentAgainOrDiscarded()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Refused", "ann");
        await using var ann = await desk.SignsInAsync("Ann Bauer", before: CountPosts);
        await ann.OpensAsync("Refused");
        // More people than a message may mention.
        var many = string.Concat(Enumerable.Range(0, 51).Select(static number => $"<@u{number}> "));
        var failure = ann.Log.GetByRole(AriaRole.Alert);

        await ann.WritesAsync(many + "look");
        await Assertions.Expect(failure).ToContainTextAsync("Not sent. It mentions too many people: 50 by name, or 500 with @here.");
        await ann.LooksAsync("refused-message");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        await failure.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await ann.Page.WaitForFunctionAsync("() => window.posts === 2");
        await Assertions.Expect(failure).ToContainTextAsync("Not sent. It mentions too many people");
        // It waits across a reload, and is sent by nobody meanwhile.
        await ann.Page.ReloadAsync();
        await failure.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Assertions.Expect(failure).ToHaveCountAsync(0);
        await Assertions.Expect(ann.Field).ToHaveValueAsync(new Regex("look$"));
        (await ann.Page.EvaluateAsync<int>("() => window.posts")).ShouldBe(0);
        await ann.WritesAsync("look, all");
        await ann.SeesSentAsync("look, all");

        await ann.WritesAsync(many);
        await failure.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(failure).ToHaveCountAsync(0);
        (await ann.TextsAsync()).ShouldBe(["look, all"]);
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W1")]
    [Rule("W11")]
    public async Task Keys_InTheField_FormatUndoBreakLinesAndSend()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Keys", "ann");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Keys");
        var field = ann.Field;

        await field.PressSequentiallyAsync("urgent");
        await field.PressAsync("ControlOrMeta+a");
        await field.PressAsync("ControlOrMeta+b");
        await Assertions.Expect(field).ToHaveValueAsync("**urgent**");
        await field.PressAsync("ControlOrMeta+z");
        await Assertions.Expect(field).ToHaveValueAsync("urgent");
        await field.PressAsync("ControlOrMeta+Shift+c");
        await Assertions.Expect(field).ToHaveValueAsync("`urgent`");
        await field.PressAsync("ControlOrMeta+z");
        await ann.Page.GetByRole(AriaRole.Toolbar, new() { Name = "Formatting" }).GetByRole(AriaRole.Button, new() { Name = "Bold" }).ClickAsync();
        await field.PressAsync("End");
        await field.PressAsync("Shift+Enter");
        await field.PressSequentiallyAsync("second line");
        await Assertions.Expect(field).ToHaveValueAsync("**urgent**\nsecond line");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        var preview = ann.Page.GetByRole(AriaRole.Region, new() { Name = "Preview of the message" });
        await Assertions.Expect(preview.GetByRole(AriaRole.Strong)).ToHaveTextAsync("urgent");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await field.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync(string.Empty);
        await Assertions.Expect(ann.Log.GetByRole(AriaRole.Strong).Filter(new() { HasText = "urgent" })).ToHaveCountAsync(1);
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W2")]
    public async Task Enter_WhileAnInputMethodComposes_SendsNothing()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Composing", "ann");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Composing");
        var field = ann.Field;
        await field.FocusAsync();

        var browser = await ann.Page.Context.NewCDPSessionAsync(ann.Page);
        await browser.SendAsync("Input.imeSetComposition", new() { ["text"] = "かな", ["selectionStart"] = 2, ["selectionEnd"] = 2 });
        await browser.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "rawKeyDown", ["key"] = "Enter", ["windowsVirtualKeyCode"] = 229 });
        await Assertions.Expect(field).ToHaveValueAsync("かな");
        await browser.SendAsync("Input.insertText", new() { ["text"] = "仮名" });
        await Assertions.Expect(field).ToHaveValueAsync("仮名");
        (await ann.TextsAsync()).ShouldBeEmpty();
        await field.PressAsync("Enter");
        await ann.SeesAsync("仮名");
    }

    [Fact]
    [Rule("N1")]
    [Rule("N2")]
    [Rule("N5")]
    public async Task Mention_ChosenByKeys_ReachesWhomItMeans()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Mentions", "ann", "bob", "dana");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.SignsInAsync("Bob Castillo");
        await ann.OpensAsync("Mentions");
        var field = ann.Field;
        var people = ann.Page.GetByRole(AriaRole.Listbox, new() { Name = "People to mention" });

        // Without accents, by any word; Esc puts it away.
        await field.PressSequentiallyAsync("@nov");
        await Assertions.Expect(people.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Assertions.Expect(people.GetByRole(AriaRole.Option, new() { Selected = true })).ToContainTextAsync("Dana Nováková");
        await field.PressAsync("Escape");
        await Assertions.Expect(people).ToHaveCountAsync(0);

        await field.FillAsync(string.Empty);
        await field.PressSequentiallyAsync("Can you look, @");
        await Assertions.Expect(people.GetByRole(AriaRole.Option).Filter(new() { HasText = "Bob Castillo" })).ToHaveCountAsync(1);
        await ann.LooksAsync("writing-mention");
        await field.PressSequentiallyAsync("cast");
        await field.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync("Can you look, @Bob Castillo ");
        await field.PressAsync("Enter");
        await Assertions.Expect(bob.Row("Mentions").GetByRole(AriaRole.Img, new() { Name = "1 unread, 1 for you" })).ToBeVisibleAsync();

        // A letter of the name is gone: plain text, which tells nobody.
        await field.PressSequentiallyAsync("@cast");
        await field.PressAsync("Tab");
        await field.PressAsync("Backspace");
        await field.PressAsync("Backspace");
        // The names that begin so are offered again.
        await field.PressAsync("Escape");
        await field.PressAsync("Enter");
        await ann.SeesAsync("@Bob Castill");
        await Assertions.Expect(bob.Row("Mentions").GetByRole(AriaRole.Img, new() { Name = "2 unread, 1 for you" })).ToBeVisibleAsync();
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("N3")]
    public async Task MentionOfAll_OfMany_AsksBeforeItNotifies()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Everybody", "ann", "bob", "chidi", "dana", "emre", "fatima");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Everybody");
        var field = ann.Field;

        await field.PressSequentiallyAsync("@all");
        await field.PressAsync("Enter");
        await field.PressSequentiallyAsync("lunch?");
        await field.PressAsync("Enter");
        var dialog = ann.Page.GetByRole(AriaRole.Dialog, new() { Name = "Notify so many?" });
        await Assertions.Expect(dialog).ToContainTextAsync("This will notify 6 people.");
        await ann.LooksAsync("writing-all");

        // Whoever goes back has the list, and is asked when they are there again.
        await ann.Page.GoBackAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await ann.Row("Everybody").ClickAsync();
        await Assertions.Expect(dialog).ToBeVisibleAsync();

        // Back into the field, with the mention still one.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Edit the message" }).ClickAsync();
        await Assertions.Expect(field).ToHaveValueAsync("@all lunch?");
        await field.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Notify 6 people" }).ClickAsync();
        await ann.SeesSentAsync("lunch?");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    [Fact]
    [Rule("N4")]
    public async Task MentionOfNoMember_IsSaidToItsAuthorWhoMayAddThem()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Few", "ann");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Few");
        await ann.WritesAsync("<@bob> would know");

        await Assertions.Expect(ann.Page.GetByText("Bob Castillo is not a member and was not told.")).ToBeVisibleAsync();
        await ann.LooksAsync("writing-not-told");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Add to the group" }).ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("Bob Castillo is in the group now.")).ToBeVisibleAsync();
        await Assertions.Expect(ann.Page.GetByText("was not told.")).ToHaveCountAsync(0);
    }

    [Fact]
    [Rule("N6")]
    public async Task MentionOfSomebodyNotToBeDisturbed_IsHintedAndCanBeInsistedOn()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await using var emre = await desk.ConnectsAsync("emre", "Emre Yıldız");
        await emre.CallAsync("SetStatus", new { status = "dnd" });
        await Desk.StartsGroupAsync(dan, "Quiet", "ann", "emre");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Quiet");
        var field = ann.Field;

        await field.PressSequentiallyAsync("@emre");
        await ann.Page.GetByRole(AriaRole.Option, new() { Name = "Emre Yıldız" }).WaitForAsync();
        await field.PressAsync("Enter");
        await Assertions.Expect(ann.Page.GetByText("Emre Yıldız asks not to be disturbed.")).ToBeVisibleAsync();
        await field.PressSequentiallyAsync("the server is down");
        await field.PressAsync("Enter");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Notify now" }).ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("Emre Yıldız was notified.")).ToBeVisibleAsync();
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Button, new() { Name = "Notify now" })).ToHaveCountAsync(0);
        await emre.CallAsync("SetStatus", new { status = "auto" });
    }

    [Fact]
    [Rule("W3")]
    public async Task Draft_IsThereAfterAReloadAndOnAnotherDevice_UntilItIsSent()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Drafts", "ann", "bob");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Drafts");
        await ann.Field.PressSequentiallyAsync("Dear @cast");
        await ann.Field.PressAsync("Enter");
        await Assertions.Expect(ann.Field).ToHaveValueAsync("Dear @Bob Castillo ");

        await ann.Page.ReloadAsync();
        await Assertions.Expect(ann.Field).ToHaveValueAsync("Dear @Bob Castillo ");

        await using var phone = await desk.SignsInAsync("Ann Bauer", width: 380);
        await phone.OpensAsync("Drafts");
        await Assertions.Expect(phone.Field).ToHaveValueAsync("Dear @Bob Castillo ", new() { Timeout = 15_000 });
        await phone.LooksAsync("writing-phone");
        await phone.Field.PressSequentiallyAsync("all is well");
        await Assertions.Expect(ann.Field).ToHaveValueAsync("Dear @Bob Castillo all is well", new() { Timeout = 15_000 });
        await phone.Field.PressAsync("Enter");
        await ann.SeesAsync("Dear @Bob Castillo all is well");
        await Assertions.Expect(ann.Field).ToHaveValueAsync(string.Empty, new() { Timeout = 15_000 });
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W12")]
    [Rule("W1")]
    public async Task Answer_QuotesTheMessage_EscLeavesIt()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var group = await Desk.StartsGroupAsync(dan, "Answers", "ann");
        await Desk.PostsAsync(dan, group, "Tea or coffee?");
        await using var ann = await desk.SignsInAsync("Ann Bauer", before: HoldPosts);
        await ann.OpensAsync("Answers");
        var question = ann.Log.GetByRole(AriaRole.Article).Filter(new() { HasText = "Tea or coffee?" });

        await question.First.HoverAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Reply" }).First.ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("Answering Dan Ekström")).ToBeVisibleAsync();
        await Assertions.Expect(ann.Field).ToBeFocusedAsync();
        await ann.LooksAsync("writing-answer");
        await ann.Field.PressAsync("Escape");
        await Assertions.Expect(ann.Page.GetByText("Answering Dan Ekström")).ToHaveCountAsync(0);

        await question.First.HoverAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Reply" }).First.ClickAsync();
        await ann.WritesAsync("Both");
        await ann.SeesSentAsync("Both");
        await Assertions.Expect(ann.Page.GetByText("Answering Dan Ekström")).ToHaveCountAsync(0);
        var answer = ann.Log.GetByRole(AriaRole.Article).Last;
        await Assertions.Expect(answer).ToContainTextAsync("Tea or coffee?");

        // One that is on its way looks as it will: nothing moves when it has arrived.
        await ann.Page.EvaluateAsync("() => { window.holdsPosts = true }");
        await question.First.HoverAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Reply" }).First.ClickAsync();
        await ann.WritesAsync("Neither");
        await Assertions.Expect(answer.GetByRole(AriaRole.Img, new() { Name = "sending" })).ToBeVisibleAsync();
        await Assertions.Expect(answer).ToContainTextAsync("Tea or coffee?");
        var before = (await answer.BoundingBoxAsync())!;
        await ann.Page.EvaluateAsync("() => window.sendHeld()");
        await Assertions.Expect(answer).ToHaveAttributeAsync("data-seq", new Regex("."));
        await ann.SeesSentAsync("Neither");
        var after = (await answer.BoundingBoxAsync())!;
        (after.Y, after.Height).ShouldBe((before.Y, before.Height));
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("M9")]
    [Rule("W1")]
    public async Task Edit_WithArrowUp_SavesAndSaysWhenAnotherDeviceWasFaster()
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        await Desk.StartsGroupAsync(dan, "Edits", "ann");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var laptop = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Edits");
        await laptop.OpensAsync("Edits");
        await ann.WritesAsync("at noone");
        await ann.SeesSentAsync("at noone");
        await laptop.SeesAsync("at noone");

        await ann.Field.PressAsync("ArrowUp");
        await Assertions.Expect(ann.Field).ToHaveValueAsync("at noone");
        await ann.Field.PressAsync("Escape");
        await Assertions.Expect(ann.Field).ToHaveValueAsync(string.Empty);

        await ann.Field.PressAsync("ArrowUp");
        await ann.Field.FillAsync("at noon");
        await laptop.Field.PressAsync("ArrowUp");
        await laptop.Field.FillAsync("at one");
        await laptop.Field.PressAsync("Enter");
        await ann.SeesAsync("at one");
        await ann.Field.PressAsync("Enter");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "This message was changed meanwhile" })).ToContainTextAsync("at one");
        await Assertions.Expect(ann.Field).ToHaveValueAsync("at noon");
        await ann.LooksAsync("writing-stale");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await laptop.SeesAsync("at noon");
        await Assertions.Expect(ann.Field).ToHaveValueAsync(string.Empty);
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1_200)]
    [InlineData(ColorScheme.Dark, 360)]
    [Rule("W10")]
    [Rule("W12")]
    public async Task EmojiPicker_ByKeyboard_PutsAnEmojiIntoTheText(ColorScheme colors, int width)
    {
        await using var dan = await desk.ConnectsAsync("dan", "Dan Ekström");
        var title = $"Emoji {width}";
        await Desk.StartsGroupAsync(dan, title, "ann", "bob");
        await using var ann = await desk.SignsInAsync("Ann Bauer", colors, width);
        await ann.OpensAsync(title);
        var field = ann.Field;

        await field.PressSequentiallyAsync("done :tad");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Listbox, new() { Name = "Emoji" }).GetByRole(AriaRole.Option).First).ToContainTextAsync(":tada:");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        await field.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync("done 🎉 ");

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Emoji", Exact = true }).ClickAsync();
        var picker = ann.Page.GetByRole(AriaRole.Dialog, new() { Name = "Choose an emoji" });
        await Assertions.Expect(picker.GetByRole(AriaRole.Gridcell).First).ToBeVisibleAsync();
        await ann.LooksAsync($"writing-emoji-{width}");
        (await Axe.ViolationsAsync(ann)).ShouldBeEmpty();
        await picker.GetByRole(AriaRole.Searchbox, new() { Name = "Find an emoji" }).FillAsync("rocket");
        await ann.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(picker.GetByRole(AriaRole.Button, new() { Name = "rocket" })).ToBeFocusedAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(picker).ToHaveCountAsync(0);
        await Assertions.Expect(field).ToHaveValueAsync("done 🎉 🚀");
        await Assertions.Expect(field).ToBeFocusedAsync();
        ann.ConsoleErrors.ShouldBeEmpty();
    }
}
