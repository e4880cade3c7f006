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
    public async Task EveryView_HasNoViolation(string look, ColorScheme colors, int width)
    {
        var violations = new List<string>();
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        var group = await WritesAGroupAsync(dana, $"Release {look}");
        await using var ann = await desk.SignsInAsync("Ann Bauer", colors, width);
        await SeeAsync("list");
        await ann.OpensAsync($"Release {look}");
        await ann.SeesAsync("Glad to hear it");
        await SeeAsync("conversation");

        foreach (var pane in new[] { "details", "mentions", "search&q=printer" })
        {
            await GoAsync($"#/c/{Uri.EscapeDataString(group)}?pane={pane}");
            await ann.Page.GetByRole(AriaRole.Complementary).WaitForAsync();
            await ann.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await SeeAsync(pane.Split('&')[0]);
        }

        await GoAsync($"#/c/{Uri.EscapeDataString(group)}");
        foreach (var (name, keys) in new[] { ("switcher", "Control+k"), ("shortcuts", "Control+/") })
        {
            await ann.Page.Keyboard.PressAsync(keys);
            await ann.Page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await SeeAsync(name);
            await ann.Page.Keyboard.PressAsync("Escape");
        }

        violations.ShouldBeEmpty();
        ann.ConsoleErrors.ShouldBeEmpty();

        async Task SeeAsync(string view)
        {
            await ann.LooksAsync($"{view}-{look}");
            violations.AddRange((await Axe.ViolationsAsync(ann, width < 720)).Select(violation => $"{view}: {violation}"));
        }

        Task GoAsync(string address) => ann.Page.EvaluateAsync("address => { location.hash = address }", address);
    }

    [Fact]
    [Rule("W15")]
    public async Task RightToLeft_InArabic_IsMirroredAndHasNoViolation()
    {
        await using var dana = await desk.ConnectsAsync("dana", "Dana Nováková");
        var group = await WritesAGroupAsync(dana, "شحن");
        await using var browser = await desk.OpensAsync("Emre Yıldız", locale: "ar");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Emre" }).ClickAsync();
        await browser.Page.GotoAsync($"/#/c/{Uri.EscapeDataString(group)}?pane=details");
        await browser.Page.GetByRole(AriaRole.Complementary).WaitForAsync();
        await browser.Page.GetByRole(AriaRole.Article).First.WaitForAsync();

        (await browser.Page.EvaluateAsync<string>("() => `${document.documentElement.lang} ${document.documentElement.dir}`")).ShouldBe("ar rtl");
        var list = await browser.Page.GetByRole(AriaRole.Navigation).BoundingBoxAsync();
        var pane = await browser.Page.GetByRole(AriaRole.Complementary).BoundingBoxAsync();
        list!.X.ShouldBeGreaterThan(pane!.X);
        await browser.LooksAsync("right-to-left");
        (await Axe.ViolationsAsync(browser)).ShouldBeEmpty();
        browser.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W8")]
    public async Task NothingThere_OfflineAndUnreachable_SayWhatIsSo()
    {
        await using var gwen = await desk.SignsInAsync("Gwen O'Neill");
        await gwen.LooksAsync("empty");
        (await Axe.ViolationsAsync(gwen)).ShouldBeEmpty();
        await gwen.OpensAsync("Support team");
        await desk.DiesAsync();
        await gwen.WritesAsync("written while nobody listens");
        await gwen.Page.GetByText("You are offline.").WaitForAsync();
        await gwen.LooksAsync("offline");
        (await Axe.ViolationsAsync(gwen)).ShouldBeEmpty();
        await desk.StartsAgainAsync();
        await gwen.SeesSentAsync("written while nobody listens");

        await gwen.Page.RouteAsync("**/api/session", route => route.AbortAsync());
        await gwen.Page.ReloadAsync();
        await gwen.Page.GetByRole(AriaRole.Heading, new() { Name = "The chat cannot be reached" }).WaitForAsync();
        await gwen.LooksAsync("unreachable");
        (await Axe.ViolationsAsync(gwen)).ShouldBeEmpty();
        await gwen.Page.UnrouteAllAsync();
        await gwen.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await gwen.SeesAsync("written while nobody listens");
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
