using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Going back and forth between conversations that stay on the page.</summary>
public sealed class SwitchingTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    [Rule("W3")]
    public async Task Composer_OfOneConversation_ShowsNothingOfAnother()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var anns = await desk.ConnectsAsync("ann", "Ann Bauer");
        await Desk.StartsGroupAsync(anns, "Drafts one", "bob");
        await Desk.StartsGroupAsync(anns, "Drafts two", "bob");
        var field = ann.Field;
        var preview = ann.Page.GetByRole(AriaRole.Region, new() { Name = "Preview of the message" });

        await ann.OpensAsync("Drafts one");
        await field.PressSequentiallyAsync("for one @bo");
        await Expect(ann.Page.GetByRole(AriaRole.Option, new() { Name = "Bob Castillo" })).ToBeVisibleAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        await Expect(preview).ToContainTextAsync("for one");

        await ann.OpensAsync("Drafts two");
        await Expect(field).ToHaveValueAsync("");
        await Expect(preview).ToHaveCountAsync(0);
        await Expect(ann.Page.GetByRole(AriaRole.Option, new() { Name = "Bob Castillo" })).ToHaveCountAsync(0);
        await Expect(field).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync("for two");
        await ann.OpensAsync("Drafts one");
        await Expect(field).ToHaveValueAsync("for one @bo");
        await Expect(preview).ToHaveCountAsync(0);

        // What can be undone is what was written here.
        await field.PressAsync("Control+z");
        (await field.InputValueAsync()).ShouldNotContain("two");
        await ann.OpensAsync("Drafts two");
        await Expect(field).ToHaveValueAsync("for two");
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("U7")]
    [Rule("U8")]
    public async Task MarkedUnread_LeftAndOpenedAgain_IsReadAgain()
    {
        await using var chidi = await desk.SignsInAsync("Chidi Okafor");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "Unread again", "chidi");
        await Desk.StartsGroupAsync(bobs, "Somewhere else", "chidi");
        await Desk.PostsAsync(bobs, group, "please look into this");
        await chidi.OpensAsync("Unread again");
        await chidi.SeesAsync("please look into this");
        var badge = chidi.Row("Unread again").GetByRole(AriaRole.Img, new() { Name = "1 unread" });
        await Expect(badge).ToHaveCountAsync(0);

        await chidi.Log.GetByText("please look into this").ClickAsync(new() { Modifiers = [KeyboardModifier.Alt] });
        await Expect(badge).ToBeVisibleAsync();
        await chidi.OpensAsync("Somewhere else");
        await Expect(badge).ToBeVisibleAsync();
        await chidi.OpensAsync("Unread again");
        await Expect(badge).ToHaveCountAsync(0);
    }

    [Fact]
    [Rule("U7")]
    [Rule("U9")]
    public async Task Conversation_PointedAtAndPressedButNotOpened_IsReadyAndStaysUnread()
    {
        await using var fatima = await desk.SignsInAsync("Fatima El-Sayed");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "Made ready", "fatima");
        await Desk.PostsAsync(bobs, group, "not looked at yet");
        var row = fatima.Row("Made ready");
        var badge = row.GetByRole(AriaRole.Img, new() { Name = "1 unread" });
        await Expect(badge).ToBeVisibleAsync();

        // Pointed at, pressed, and let go somewhere else: that opens nothing, though its messages are on the page.
        await row.HoverAsync();
        var ready = fatima.Page.Locator("article", new() { HasText = "not looked at yet" });
        await Expect(ready).ToHaveCountAsync(1);
        await fatima.Page.Mouse.DownAsync();
        await fatima.Page.Mouse.MoveAsync(700, 300);
        await fatima.Page.Mouse.UpAsync();
        await Expect(ready).ToBeHiddenAsync();
        await Expect(fatima.Field).ToHaveCountAsync(0);
        await Expect(fatima.Page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
        (await Axe.ViolationsAsync(fatima)).ShouldBeEmpty();

        // Keys go to nobody, and what comes is unread, too.
        await fatima.Page.Keyboard.TypeAsync("nobody");
        await Desk.PostsAsync(bobs, group, "nor this");
        await Expect(row.GetByRole(AriaRole.Img, new() { Name = "2 unread" })).ToBeVisibleAsync();
        await fatima.OpensAsync("Made ready");
        await Expect(fatima.Log.GetByRole(AriaRole.Separator).Filter(new() { HasText = "New" })).ToBeVisibleAsync();
        await fatima.SeesAsync("nor this");
        await Expect(fatima.Field).ToBeFocusedAsync();
        await Expect(fatima.Field).ToHaveValueAsync("");
        await Expect(row.GetByRole(AriaRole.Img, new() { Name = "unread" })).ToHaveCountAsync(0);

        // Of what was only pointed at, the last one stays on the page.
        foreach (var title in new[] { "Pointed at first", "Pointed at then" })
        {
            await Desk.PostsAsync(bobs, await Desk.StartsGroupAsync(bobs, title, "fatima"), $"said in {title}");
            await fatima.Row(title).HoverAsync();
            await Expect(fatima.Page.Locator("article", new() { HasText = $"said in {title}" })).ToHaveCountAsync(1);
        }

        await Expect(fatima.Page.Locator("article", new() { HasText = "said in Pointed at first" })).ToHaveCountAsync(0);
        await Expect(fatima.Page.GetByRole(AriaRole.Main)).ToHaveAccessibleNameAsync("Made ready");

        // Nor is what is ready behind an open one there for anybody: not for Tab, not for who copies all.
        await Desk.StartsGroupAsync(bobs, "In front", "fatima");
        await fatima.OpensAsync("In front");
        await row.HoverAsync();
        await fatima.Page.Mouse.DownAsync();
        await fatima.Page.Mouse.MoveAsync(700, 300);
        await fatima.Page.Mouse.UpAsync();
        (await Axe.ViolationsAsync(fatima)).ShouldBeEmpty();
        await fatima.Log.FocusAsync();
        await fatima.Page.Keyboard.PressAsync("Control+a");
        (await fatima.Page.EvaluateAsync<string>("() => getSelection().toString()")).ShouldNotContain("not looked at yet");
        fatima.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W5")]
    public async Task Row_Pressed_ShowsItsConversationAndOpensItWhenLetGo()
    {
        await using var dana = await desk.SignsInAsync("Dana Nováková");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        foreach (var title in new[] { "Looked at before", "Looked at now" })
        {
            await Desk.PostsAsync(bobs, await Desk.StartsGroupAsync(bobs, title, "dana"), $"said in {title}");
            await dana.OpensAsync(title);
            await dana.SeesAsync($"said in {title}");
            await Expect(dana.Row(title).GetByRole(AriaRole.Img, new() { Name = "1 unread" })).ToHaveCountAsync(0);
        }

        var address = dana.Page.Url;
        var before = dana.Page.Locator("article", new() { HasText = "said in Looked at before" });
        var now = dana.Page.Locator("article", new() { HasText = "said in Looked at now" });
        await dana.Row("Looked at before").HoverAsync();
        await dana.Page.Mouse.DownAsync();
        await Expect(before).ToBeVisibleAsync();
        (await IsOnTopAsync(before)).ShouldBeTrue();
        dana.Page.Url.ShouldBe(address);
        await Expect(dana.Row("Looked at now").GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-current", "true");

        // Let go somewhere else: all is as it was.
        await dana.Page.Mouse.MoveAsync(700, 300);
        await dana.Page.Mouse.UpAsync();
        await Expect(before).ToBeHiddenAsync();
        (await IsOnTopAsync(now)).ShouldBeTrue();
        dana.Page.Url.ShouldBe(address);

        await dana.Row("Looked at before").HoverAsync();
        await dana.Page.Mouse.DownAsync();
        await dana.Page.Mouse.UpAsync();
        await Expect(dana.Page.GetByRole(AriaRole.Main)).ToHaveAccessibleNameAsync("Looked at before");
        (await IsOnTopAsync(before)).ShouldBeTrue();
        await Expect(dana.Field).ToBeFocusedAsync();

        // The one that is open shows nothing else while it is pressed.
        await dana.Row("Looked at before").HoverAsync();
        await dana.Page.Mouse.DownAsync();
        (await IsOnTopAsync(before)).ShouldBeTrue();
        await dana.Page.Mouse.UpAsync();
        dana.ConsoleErrors.ShouldBeEmpty();

        static Task<bool> IsOnTopAsync(ILocator message) =>
            message.EvaluateAsync<bool>("element => { const { left, top, height } = element.getBoundingClientRect(); return element.contains(document.elementFromPoint(left + 30, top + height / 2)) }");
    }

    [Fact]
    [Rule("M10")]
    [Rule("W4")]
    public async Task ConversationsOutOfSight_BusyOnes_StayFewRowsAndForgetWhatIsDeleted()
    {
        await using var dana = await desk.SignsInAsync("Dana Nováková");
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var groups = new List<string>();
        for (var number = 0; number < 6; number++)
        {
            groups.Add(await Desk.StartsGroupAsync(bobs, $"Busy {number}", "dana"));
            await dana.OpensAsync($"Busy {number}");
            await Expect(dana.Log.GetByText("The beginning")).ToBeVisibleAsync();
        }

        var secret = await bobs.CallAsync("Post", new { conversationId = groups[0], clientId = Guid.NewGuid(), text = "a secret that was a mistake" });
        foreach (var group in groups)
        {
            for (var number = 0; number < 60; number++)
            {
                await Desk.PostsAsync(bobs, group, $"message {number}");
            }
        }

        await dana.SeesAsync("message 59");
        await bobs.CallAsync("Delete", new { conversationId = groups[0], clientId = Guid.NewGuid(), seq = secret.GetProperty("seq").GetInt64() });
        await dana.Page.WaitForFunctionAsync("() => !document.body.textContent.includes('a secret that was a mistake')");
        await dana.Page.WaitForFunctionAsync("() => document.querySelectorAll('.row').length <= 400");
        foreach (var number in new[] { 0, 3, 5 })
        {
            await dana.OpensAsync($"Busy {number}");
            await dana.SeesAsync("message 59");
        }

        (await dana.Page.EvaluateAsync<int>("() => document.querySelectorAll('.row').length")).ShouldBeLessThanOrEqualTo(400);
    }

    [Fact]
    [Rule("W4")]
    public async Task Pane_OverTheConversationOnAPhone_LosesNeitherPlaceNorEnd()
    {
        await using var emre = await desk.SignsInAsync("Emre Yıldız", width: 380);
        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        var group = await Desk.StartsGroupAsync(bobs, "On the phone", "emre");
        await emre.OpensAsync("On the phone");
        await Expect(emre.Log.GetByText("The beginning")).ToBeVisibleAsync();
        for (var number = 0; number < 250; number++)
        {
            await Desk.PostsAsync(bobs, group, $"line {number}");
        }

        await emre.SeesAsync("line 249");
        await emre.Page.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await Expect(emre.Page.GetByRole(AriaRole.Heading, new() { Name = "Details" }).First).ToBeVisibleAsync();
        await Desk.PostsAsync(bobs, group, "one more");
        await Expect(emre.Page.GetByRole(AriaRole.Heading, new() { Name = "Details" }).First).ToBeVisibleAsync();
        await emre.Page.GoBackAsync();

        await Expect(emre.Log.GetByText("one more", new() { Exact = true })).ToBeInViewportAsync();
        (await emre.Log.GetByRole(AriaRole.Article).CountAsync()).ShouldBeLessThan(200);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
