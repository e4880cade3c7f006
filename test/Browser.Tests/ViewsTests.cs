using Microsoft.Playwright;
using OrleansChat.HubClient;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>
/// Every view, as it looks in a wide window, on a phone, dark, and from right to left: axe finds nothing wrong with it, and a
/// picture is kept for whoever wants to look (artifacts/…/screens).
/// </summary>
public sealed class ViewsTests(Desk desk) : IClassFixture<Desk>
{
    [Theory]
    [Rule("W10")]
    [Rule("W15")]
    [InlineData("light", ColorScheme.Light, 1_200)]
    [InlineData("dark", ColorScheme.Dark, 1_200)]
    [InlineData("phone", ColorScheme.Light, 380)]
    [InlineData("phone-dark", ColorScheme.Dark, 380)]
    [InlineData("right-to-left", ColorScheme.Light, 1_200, "ar")]
    [InlineData("right-to-left-phone-dark", ColorScheme.Dark, 380, "ar")]
    public async Task EveryView_HasNoViolation(string look, ColorScheme colors, int width, string locale = "en-GB")
    {
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        var group = await WritesAGroupAsync(dana, $"Release ({look})");
        await using var ann = await desk.SignsInAsync("Ann Bauer", colors, width, locale: locale);
        var words = ann.Words;
        var views = new Inspection(ann, look);
        await views.LookAsync("list");
        await ann.Page.GetByRole(AriaRole.Searchbox, new() { Name = words["Find people or groups"] }).FillAsync("e");
        await ann.Page.GetByRole(AriaRole.List, new() { Name = words["People found"] }).WaitForAsync();
        await views.LookAsync("finder");
        await ann.Page.Keyboard.PressAsync("Escape");
        await ann.OpensAsync($"Release ({look})");
        await ann.SeesAsync("Glad to hear it");
        await views.LookAsync("conversation");

        foreach (var (name, address) in new[] { ("Details", "details"), ("Mentions", "mentions"), ("Search", "search&q=printer") })
        {
            await GoAsync($"#/c/{Uri.EscapeDataString(group)}?pane={address}");
            await ann.Page.GetByRole(AriaRole.Heading, new() { Name = words[name, of: $"{name.ToLowerInvariant()}.title"] }).WaitForAsync();
            await ann.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            if (name == "Search")
            {
                await ann.Page.GetByRole(AriaRole.List, new() { Name = words["Messages found"] }).GetByRole(AriaRole.Listitem).First.WaitForAsync();
            }

            await Assertions.Expect(ann.Page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
            await Assertions.Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
            await views.LookAsync(name.ToLowerInvariant());
        }

        await GoAsync($"#/c/{Uri.EscapeDataString(group)}");
        foreach (var (name, keys) in new[] { ("switcher", "Control+k"), ("shortcuts", "Control+/") })
        {
            await ann.Page.Keyboard.PressAsync(keys);
            await ann.Page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await views.LookAsync(name);
            await ann.Page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        }

        views.Violations.ShouldBeEmpty();
        ann.ConsoleErrors.ShouldBeEmpty();

        Task GoAsync(string address) => ann.Page.EvaluateAsync("address => { location.hash = address }", address);
    }

    [Fact]
    [Rule("W15")]
    public async Task RightToLeft_InArabic_IsMirroredAndHasNoViolation()
    {
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        var group = await WritesAGroupAsync(dana, "شحن");
        const string last = "It is the driver that has to be checked, and not the printer";
        await Desk.PostsAsync(dana, group, last);
        await using var browser = await desk.OpensAsync("Emre Yıldız", locale: "ar");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Emre" }).ClickAsync();
        await browser.Page.GotoAsync($"/#/c/{Uri.EscapeDataString(group)}?pane=details");
        await browser.Page.GetByRole(AriaRole.Complementary).WaitForAsync();
        await browser.Page.GetByRole(AriaRole.Article).First.WaitForAsync();

        (await browser.Page.EvaluateAsync<string>("() => `${document.documentElement.lang} ${document.documentElement.dir}`")).ShouldBe("ar rtl");
        var list = await browser.Page.GetByRole(AriaRole.Navigation).BoundingBoxAsync();
        var pane = await browser.Page.GetByRole(AriaRole.Complementary).BoundingBoxAsync();
        list!.X.ShouldBeGreaterThan(pane!.X);
        // A name begins beside its picture, whichever way it is read.
        (await browser.Row("Support team").GetByText("Support team", new() { Exact = true }).EvaluateAsync<double>("""
            name => {
                const letters = document.createRange();
                letters.selectNodeContents(name);
                return name.getBoundingClientRect().right - letters.getBoundingClientRect().right;
            }
            """)).ShouldBeLessThan(2);
        // What is written in English stands as it does in English; an empty field belongs to the page.
        await Assertions.Expect(browser.Log.GetByRole(AriaRole.List).Filter(new() { HasText = "turn it off" })).ToHaveCSSAsync("direction", "ltr");
        await Assertions.Expect(browser.Log.GetByText("turn it off")).ToHaveCSSAsync("unicode-bidi", "plaintext");
        await Assertions.Expect(browser.Row("شحن")).ToContainTextAsync($"Dana Nováková: {last}");
        // One that is too long for its row is cut off at its end.
        (await browser.Row("شحن").GetByText(last, new() { Exact = true }).EvaluateAsync<bool>("""
            text => {
                const letter = document.createRange();
                letter.setStart(text.firstChild, 0);
                letter.setEnd(text.firstChild, 1);
                return text.scrollWidth > text.clientWidth && letter.getBoundingClientRect().left >= text.getBoundingClientRect().left;
            }
            """)).ShouldBeTrue();
        await Assertions.Expect(browser.Field).ToHaveCSSAsync("direction", "rtl");
        await browser.Field.FillAsync("printer");
        await Assertions.Expect(browser.Field).ToHaveCSSAsync("direction", "ltr");
        await browser.Field.FillAsync("");
        await browser.LooksAsync("right-to-left");
        (await Axe.ViolationsAsync(browser)).ShouldBeEmpty();
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Theory]
    // Dark and from right to left at once: colours and sides have nothing to do with each other.
    [InlineData("light", ColorScheme.Light, "en-GB", "1 message has not been sent.")]
    [InlineData("right-to-left-dark", ColorScheme.Dark, "ar", "رسالة واحدة لم تُرسل بعد.")]
    [Rule("W8")]
    [Rule("W15")]
    public async Task NothingThere_OfflineAndUnreachable_SayWhatIsSo(string look, ColorScheme colors, string locale, string unsent)
    {
        await using var gwen = await desk.OpensAsync("Gwen O'Neill", locale);
        var words = gwen.Words;
        await gwen.Page.EmulateMediaAsync(new() { ColorScheme = colors });
        var views = new Inspection(gwen, look);
        var written = $"written while nobody listens, {look}";
        await gwen.Page.GetByRole(AriaRole.Button, new() { Name = "Gwen O'Neill" }).WaitForAsync();
        await views.LookAsync("sign-in");
        await gwen.Page.GetByRole(AriaRole.Button, new() { Name = "Gwen O'Neill" }).ClickAsync();
        await gwen.Row("Support team").WaitForAsync();
        await views.LookAsync("nothing-open");
        await gwen.OpensAsync("Support team");
        await desk.DiesAsync();
        await gwen.WritesAsync(written);
        await gwen.Page.GetByText(words["You are offline."]).WaitForAsync();
        await views.LookAsync("offline");
        await gwen.OwnMenu.ClickAsync();
        await gwen.Page.GetByRole(AriaRole.Menuitem, new() { Name = words["Sign out"] }).ClickAsync();
        var question = gwen.Page.GetByRole(AriaRole.Dialog, new() { Name = words["Sign out?"] });
        await Assertions.Expect(question).ToContainTextAsync(unsent);
        await views.LookAsync("sign-out");
        await question.GetByRole(AriaRole.Button, new() { Name = words["Cancel"] }).ClickAsync();
        await desk.StartsAgainAsync();
        // The network is back: nobody waits for the next try.
        await gwen.Page.EvaluateAsync("() => window.dispatchEvent(new Event('online'))");
        await gwen.SeesSentAsync(written);

        await gwen.Page.RouteAsync("**/api/session", route => route.AbortAsync());
        await gwen.Page.ReloadAsync();
        await gwen.Page.GetByRole(AriaRole.Heading, new() { Name = words["The chat cannot be reached"] }).WaitForAsync();
        await views.LookAsync("unreachable");
        await gwen.Page.UnrouteAllAsync();
        await gwen.Page.GetByRole(AriaRole.Button, new() { Name = words["Try again"] }).ClickAsync();
        await gwen.List.WaitForAsync();
        views.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("light", ColorScheme.Light)]
    [InlineData("dark", ColorScheme.Dark)]
    [Rule("W10")]
    public async Task EmptyList_HasNoViolation(string look, ColorScheme colors)
    {
        await using var elsewhere = await desk.ConnectsAsync("fatima", "Fatima El-Sayed");
        var mine = (await elsewhere.CallAsync("ListConversations", new { })).GetProperty("conversations");
        foreach (var conversation in mine.EnumerateArray())
        {
            await elsewhere.CallAsync("Leave", new { conversationId = conversation.GetProperty("id").GetString(), clientId = Guid.NewGuid() });
        }

        await using var fatima = await desk.SignsInAsync("Fatima El-Sayed", colors);
        await fatima.Page.GetByText("No conversations yet.").WaitForAsync();
        var views = new Inspection(fatima, look);
        await views.LookAsync("empty");
        views.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("light", ColorScheme.Light)]
    [InlineData("dark", ColorScheme.Dark)]
    [InlineData("right-to-left", ColorScheme.Light, "ar")]
    [Rule("W10")]
    [Rule("W15")]
    public async Task EveryMenuAndDialog_HasNoViolation(string look, ColorScheme colors, string locale = "en-GB")
    {
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        var group = await Desk.StartsGroupAsync(dana, $"Dialogs {look}", "ann", "bob");
        await Desk.PostsAsync(dana, group, "Is the printer back?");
        await dana.CallAsync("Edit", new { conversationId = group, clientId = Guid.NewGuid(), seq = 2, version = 1, text = "Is the printer on floor 3 back?" });
        await using var ann = await desk.SignsInAsync("Ann Bauer", colors, locale: locale);
        var words = ann.Words;
        var page = ann.Page;
        var views = new Inspection(ann, look);
        var dialog = page.GetByRole(AriaRole.Dialog);
        var menu = page.GetByRole(AriaRole.Menu);

        await ann.OwnMenu.ClickAsync();
        await menu.WaitForAsync();
        await views.LookAsync("own-menu");
        await menu.GetByRole(AriaRole.Menuitem, new() { Name = words["Settings"] }).ClickAsync();
        await LooksAtDialogAsync("settings");
        await page.GetByRole(AriaRole.Button, new() { Name = words["New conversation"] }).ClickAsync();
        await dialog.GetByRole(AriaRole.Option).First.WaitForAsync();
        await views.LookAsync("new-direct");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = words["A group"] }).CheckAsync();
        await dialog.GetByRole(AriaRole.Option, new() { Name = "Chidi Okafor" }).ClickAsync();
        await LooksAtDialogAsync("new-group");

        await ann.OpensAsync($"Dialogs {look}");
        await ann.WritesAsync("Since ten.");
        await ann.SeesSentAsync("Since ten.");
        await ChoosesAsync("Is the printer on floor 3 back?", "Show earlier versions");
        await dialog.GetByRole(AriaRole.Listitem).First.WaitForAsync();
        await LooksAtDialogAsync("versions");
        await ChoosesAsync("Is the printer on floor 3 back?", "Why was I (not) notified?");
        await dialog.GetByText(words["You were not notified of this message."]).WaitForAsync();
        await LooksAtDialogAsync("why-notified");
        await ChoosesAsync("Since ten.", "Delete", "message-menu");
        await LooksAtDialogAsync("delete");

        var message = Message("Since ten.");
        await message.HoverAsync();
        await message.GetByRole(AriaRole.Button, new() { Name = words["React"] }).ClickAsync();
        await views.LookAsync("reactions");
        await page.GetByRole(AriaRole.Button, new() { Name = words["All emoji"] }).ClickAsync();
        await dialog.GetByRole(AriaRole.Gridcell).First.WaitForAsync();
        await LooksAtDialogAsync("emoji-to-react");

        await ann.OpensPaneAsync("Details");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Mute this conversation"] }).ClickAsync();
        await menu.WaitForAsync();
        await views.LookAsync("mute");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Add people"] }).ClickAsync();
        await dialog.GetByRole(AriaRole.Option).First.WaitForAsync();
        await LooksAtDialogAsync("add-people");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Leave the group"] }).ClickAsync();
        await LooksAtDialogAsync("leave");

        views.Violations.ShouldBeEmpty();
        ann.ConsoleErrors.ShouldBeEmpty();

        ILocator Message(string text) => ann.Log.GetByRole(AriaRole.Article).Filter(new() { HasText = text });

        async Task ChoosesAsync(string text, string item, string? look = null)
        {
            await Message(text).HoverAsync();
            await Message(text).GetByRole(AriaRole.Button, new() { Name = words["More"] }).ClickAsync();
            await menu.WaitForAsync();
            if (look is not null)
            {
                await views.LookAsync(look);
            }

            await menu.GetByRole(AriaRole.Menuitem, new() { Name = words[item] }).ClickAsync();
        }

        async Task LooksAtDialogAsync(string view)
        {
            await dialog.WaitForAsync();
            await views.LookAsync(view);
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
        }
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, "en-GB", "Emre Yıldız asks not to be disturbed.", "Answering Dana Nováková")]
    [InlineData("right-to-left-dark", ColorScheme.Dark, "ar", "Emre Yıldız يطلب عدم الإزعاج.", "الرد على Dana Nováková")]
    [Rule("W10")]
    [Rule("W12")]
    [Rule("W15")]
    public async Task EverythingAroundTheField_HasNoViolation(string look, ColorScheme colors, string locale, string undisturbed, string answering)
    {
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        await using var emre = await desk.ConnectsAsync("emre", "Emre Yıldız");
        await emre.CallAsync("SetStatus", new { status = "dnd" });
        var group = await Desk.StartsGroupAsync(dana, $"Writing {look}", "ann", "bob", "chidi", "emre", "fatima", "gwen");
        await Desk.PostsAsync(dana, group, "Tea or coffee?");
        await using var ann = await desk.SignsInAsync("Ann Bauer", colors, locale: locale);
        var words = ann.Words;
        await ann.OpensAsync($"Writing {look}");
        var page = ann.Page;
        var views = new Inspection(ann, look);
        var field = ann.Field;

        await field.PressSequentiallyAsync("@");
        await page.GetByRole(AriaRole.Listbox, new() { Name = words["People to mention"] }).WaitForAsync();
        await views.LookAsync("mention-offered");
        await field.PressSequentiallyAsync("emre");
        await field.PressAsync("Enter");
        await page.GetByText(undisturbed).WaitForAsync();
        await views.LookAsync("not-disturbed");
        await field.FillAsync("**done** :tad");
        await field.PressAsync("a");
        await page.GetByRole(AriaRole.Listbox, new() { Name = words["Emoji", of: "composer.suggestions"] }).WaitForAsync();
        await views.LookAsync("emoji-offered");
        await field.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Emoji", of: "composer.emoji"], Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Gridcell).First.WaitForAsync();
        await views.LookAsync("emoji");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Preview"] }).ClickAsync();
        await views.LookAsync("preview");
        await page.GetByRole(AriaRole.Button, new() { Name = words["Preview"] }).ClickAsync();

        await ann.Log.GetByRole(AriaRole.Article).First.HoverAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = words["Reply"] }).First.ClickAsync();
        await page.GetByText(answering).WaitForAsync();
        await views.LookAsync("answer");
        await field.PressAsync("Enter");
        await ann.SeesSentAsync("done");
        await field.PressAsync("ArrowUp");
        await page.GetByText(words["Editing your message"]).WaitForAsync();
        await views.LookAsync("edit");
        await field.PressAsync("Escape");

        await field.PressSequentiallyAsync("@all");
        await field.PressAsync("Enter");
        await field.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog, new() { Name = words["Notify so many?"] }).WaitForAsync();
        await views.LookAsync("notify-many");

        views.Violations.ShouldBeEmpty();
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    /// <summary>A conversation with a bit of everything in it.</summary>
    private static async Task<string> WritesAGroupAsync(ChatSession dana, string title)
    {
        var group = await Desk.StartsGroupAsync(dana, title, "ann", "bob", "chidi", "emre");
        await Desk.PostsAsync(dana, group, "Morning! The **printer** on floor 3 is back, see https://wiki.example.com/printer");
        await Desk.PostsAsync(dana, group, "<@ann> <@emre> can you check the driver?\n\n```sh\nlpstat -p | grep floor3\n```");
        await Desk.PostsAsync(dana, group, "> It prints only blank pages\n\n1. turn it off\n2. `lpadmin -x floor3`\n3. turn it on");
        await Desk.PostsAsync(dana, group, "السلام عليكم، هل الطابعة تعمل الآن؟");
        await Desk.PostsAsync(dana, group, "Thanks, that was it!");
        foreach (var emoji in new[] { "👍", "🎉" })
        {
            await dana.CallAsync("React", new { conversationId = group, clientId = Guid.NewGuid(), seq = 6, emoji, add = true });
        }

        await dana.CallAsync("Post", new { conversationId = group, clientId = Guid.NewGuid(), text = "Glad to hear it", replyTo = 6 });
        return group;
    }
}
