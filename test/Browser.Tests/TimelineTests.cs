using System.Globalization;
using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Reading a conversation and doing things with its messages, as people at browsers see it.</summary>
public sealed class TimelineTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly int _port = GatewayProcess.FreePort();
    private GatewayProcess? _gateway;

    public async ValueTask InitializeAsync()
    {
        if (chromium.Missing is null)
        {
            _gateway = await GatewayProcess.StartAsync(_port, _folder.Path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    [Rule("W11")]
    public async Task Markdown_HostileAndPlain_IsShownAsElementsAndStaysInItsRow()
    {
        await using var ann = await SignsInAsync("Ann Bauer");
        await ann.OpensConversationWithAsync("Bob Castillo");

        await ann.WritesAsync("**bold** [site](https://a.example) [bad](javascript:alert(1)) <img src=x onerror=alert(1)>");
        await ann.WritesAsync("```ts\nconst a = 1\n```");
        await ann.WritesAsync("a" + string.Concat(Enumerable.Repeat("\u0301", 5_000)));
        await ann.WritesAsync(string.Concat(Enumerable.Repeat("\u202Egnol\u202E", 200)));

        var written = Message(ann, "bold");
        await Assertions.Expect(written.GetByRole(AriaRole.Strong).Last).ToHaveTextAsync("bold");
        var link = written.GetByRole(AriaRole.Link);
        await Assertions.Expect(link).ToHaveCountAsync(1);
        await Assertions.Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await Assertions.Expect(written).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Assertions.Expect(written.GetByRole(AriaRole.Img, new() { Name = "sent" })).ToBeVisibleAsync();
        await Assertions.Expect(ann.Log.GetByRole(AriaRole.Button, new() { Name = "Copy code" })).ToBeVisibleAsync();
        await Assertions.Expect(ann.Log.GetByRole(AriaRole.Article)).ToHaveCountAsync(4);
        (await ann.Log.EvaluateAsync<bool>("log => log.scrollWidth <= log.clientWidth")).ShouldBeTrue("nothing is wider than the log");
        await ann.LooksAsync("timeline-text");
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W12")]
    [Rule("M10")]
    public async Task Actions_TwoBrowsers_ReactReplyAndDeleteReachBoth()
    {
        await using var ann = await SignsInAsync("Ann Bauer");
        await using var bob = await SignsInAsync("Bob Castillo");
        await ann.OpensConversationWithAsync("Bob Castillo");
        await ann.WritesAsync("Is the printer back?");
        await ann.SeesSentAsync("Is the printer back?");
        await bob.OpensAsync("Ann Bauer");

        var asked = Message(bob, "Is the printer back?");
        await asked.HoverAsync();
        await asked.GetByRole(AriaRole.Button, new() { Name = "React" }).ClickAsync();
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "React with 👍" }).ClickAsync();
        var reaction = Message(ann, "Is the printer back?").GetByRole(AriaRole.Button, new() { Name = "👍 1 reaction: Bob Castillo" });
        await Assertions.Expect(reaction).ToBeVisibleAsync();
        await reaction.ClickAsync();
        await Assertions.Expect(asked.GetByRole(AriaRole.Button, new() { Name = "👍 2 reactions: you and Ann Bauer" })).ToBeVisibleAsync();

        await asked.HoverAsync();
        await asked.GetByRole(AriaRole.Button, new() { Name = "Reply" }).ClickAsync();
        await bob.WritesAsync("Yes, since ten.");
        var quote = Message(ann, "Yes, since ten.").GetByRole(AriaRole.Button, new() { Name = "In reply to Ann Bauer: Is the printer back?" });
        await Assertions.Expect(quote).ToBeVisibleAsync();

        var own = ann.Log.GetByRole(AriaRole.Article).First;
        await own.HoverAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await ann.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(bob.Log.GetByRole(AriaRole.Article).First).ToContainTextAsync("This message was deleted.");
        await Assertions.Expect(bob.Log.GetByText("Is the printer back?")).ToHaveCountAsync(0);
        await ann.LooksAsync("timeline-actions");
    }

    [Fact]
    [Rule("W10")]
    [Rule("U8")]
    public async Task Keyboard_MovesFromMessageToMessageAndMarksUnread()
    {
        await using var ann = await SignsInAsync("Ann Bauer");
        await using var bob = await SignsInAsync("Bob Castillo");
        await ann.OpensConversationWithAsync("Bob Castillo");
        foreach (var text in new[] { "one", "two", "three" })
        {
            await ann.WritesAsync(text);
            await ann.SeesSentAsync(text);
        }

        await bob.OpensAsync("Ann Bauer");
        await Assertions.Expect(bob.Row("Ann Bauer").GetByRole(AriaRole.Img, new() { Name = "3 unread, 3 for you" })).ToHaveCountAsync(0);

        await bob.Log.FocusAsync();
        await bob.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(Message(bob, "three")).ToBeFocusedAsync();
        await bob.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(Message(bob, "two")).ToBeFocusedAsync();
        await bob.Page.Keyboard.PressAsync("Enter");
        await bob.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Mark unread from here" }).PressAsync("Enter");

        await Assertions.Expect(bob.Row("Ann Bauer").GetByRole(AriaRole.Img, new() { Name = "2 unread, 2 for you" })).ToBeVisibleAsync();
        await Assertions.Expect(Message(bob, "two")).ToBeFocusedAsync();
        await ann.WritesAsync("four");
        await bob.SeesAsync("four");
        await Assertions.Expect(bob.Row("Ann Bauer").GetByRole(AriaRole.Img, new() { Name = "3 unread, 3 for you" })).ToBeVisibleAsync();
    }

    [Fact]
    [Rule("W4")]
    [Rule("W7")]
    public async Task LongGroup_LinkToAMessage_IsShownAndTheEndIsOneClickAway()
    {
        Assert.SkipWhen(chromium.Missing is not null, chromium.Missing ?? string.Empty);
        await _gateway!.DisposeAsync();
        await ImportAsync(messages: 600);
        _gateway = await GatewayProcess.StartAsync(_port, _folder.Path);
        await using var ann = await SignsInAsync("Ann Bauer");
        await ann.OpensAsync("Support log");
        await ann.SeesAsync("message 600");

        var hash = await ann.Page.EvaluateAsync<string>("() => location.hash");
        // The conversation's first message is the fact that it was created.
        var seq = await Message(ann, "message 600").GetAttributeAsync("data-seq");
        var target = int.Parse(seq!, CultureInfo.InvariantCulture) - 400;
        await ann.Page.GotoAsync($"/{hash}/{target}");
        await ann.Page.ReloadAsync();

        await Assertions.Expect(ann.Log.GetByText("message 200", new() { Exact = true })).ToBeInViewportAsync(new() { Timeout = 15_000 });
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Newest" }).ClickAsync();
        await Assertions.Expect(ann.Log.GetByText("message 600", new() { Exact = true })).ToBeInViewportAsync(new() { Timeout = 15_000 });
    }

    private static ILocator Message(Person person, string text) =>
        person.Log.GetByRole(AriaRole.Article).Filter(new() { Has = person.Page.GetByText(text, new() { Exact = true }) });

    private async Task<Person> SignsInAsync(string name) =>
        await Person.SignsInAsync(await chromium.NewPersonAsync(new Uri($"http://localhost:{_port}")), name);

    private async Task ImportAsync(int messages)
    {
        var file = _folder.File("2026-01-05.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, messages).Select(number =>
            $"[{number / 60 % 24:00}:{number % 60:00}] <guest{number % 7}> message {number}"));
        (await GatewayProcess.RunAsync(_folder.Path, "import", "--tenant", "demo", "--group", "Support log", "--member", "ann", file)).ExitCode.ShouldBe(0);
    }
}
