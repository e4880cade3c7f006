using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>Two people in two browsers, with the real program between them.</summary>
public class TalkingTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly int _port = GatewayProcess.FreePort();
    private IReadOnlyDictionary<string, string>? _store;
    private GatewayProcess? _gateway;

    public async ValueTask InitializeAsync()
    {
        if (chromium.Missing is null)
        {
            _store = await StoreAsync();
            _gateway = await GatewayProcess.StartAsync(_port, _folder.Path, _store);
        }
    }

    /// <summary>Settings of the store; none are those of the embedded one.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>> StoreAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    [Rule("C2")]
    [Rule("M4")]
    [Rule("U1")]
    public async Task DirectConversation_TwoBrowsers_BothSeeEveryMessageOnce()
    {
        await using var ann = await SignsInAsync("Ann Bauer");
        await using var bob = await SignsInAsync("Bob Castillo");

        await ann.OpensConversationWithAsync("Bob Castillo");
        await Assertions.Expect(bob.Row("Ann Bauer")).ToHaveCountAsync(0);
        await ann.WritesAsync("Is the printer back?");
        await ann.SeesSentAsync("Is the printer back?");

        await Assertions.Expect(bob.Row("Ann Bauer").GetByRole(AriaRole.Img, new() { Name = "1 unread, 1 for you" })).ToBeVisibleAsync();
        await bob.LooksAsync("talking-unread");
        await bob.OpensAsync("Ann Bauer");
        await bob.SeesAsync("Is the printer back?");
        await bob.WritesAsync("Yes, since ten.");
        await ann.SeesAsync("Yes, since ten.");
        await bob.SeesSentAsync("Yes, since ten.");
        await Assertions.Expect(bob.Row("Ann Bauer").GetByRole(AriaRole.Img, new() { Name = "1 unread, 1 for you" })).ToHaveCountAsync(0);
        await ann.LooksAsync("talking");

        (await ann.TextsAsync()).ShouldBe(["Is the printer back?", "Yes, since ten."]);
        (await bob.TextsAsync()).ShouldBe(["Is the printer back?", "Yes, since ten."]);
        ann.ConsoleErrors.ShouldBeEmpty();
        bob.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("M5")]
    [Rule("M15")]
    [Rule("W8")]
    public async Task Killed_WhileBothWrite_EverythingIsThereOnceAfterTheRestart()
    {
        await using var ann = await SignsInAsync("Ann Bauer");
        await using var bob = await SignsInAsync("Bob Castillo");
        await ann.OpensConversationWithAsync("Bob Castillo");
        await ann.WritesAsync("before");
        await ann.SeesSentAsync("before");
        await bob.OpensAsync("Ann Bauer");
        await bob.SeesAsync("before");

        await _gateway!.KillAsync();
        await ann.WritesAsync("from Ann, meanwhile");
        await bob.WritesAsync("from Bob, meanwhile");
        await Assertions.Expect(ann.Banner).ToContainTextAsync("You are offline", new() { Timeout = 15_000 });
        await ann.LooksAsync("offline");
        await _gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_port, _folder.Path, _store);

        foreach (var person in new[] { ann, bob })
        {
            await person.ComesBackAsync();
            await person.SeesAsync("before");
            await person.SeesAsync("from Ann, meanwhile");
            await person.SeesAsync("from Bob, meanwhile");
        }

        await ann.SeesSentAsync("from Ann, meanwhile");
        await bob.SeesSentAsync("from Bob, meanwhile");
        (await ann.TextsAsync()).ShouldBe(await bob.TextsAsync());
        (await ann.TextsAsync()).Count.ShouldBe(3);
    }

    [Fact]
    [Rule("M11")]
    [Rule("W4")]
    public async Task LongGroup_ScrolledUp_ShowsEveryMessageWithoutAHole()
    {
        Assert.SkipWhen(chromium.Missing is not null, chromium.Missing ?? string.Empty);
        await _gateway!.DisposeAsync();
        await ImportAsync(messages: 1_000);
        _gateway = await GatewayProcess.StartAsync(_port, _folder.Path, _store);
        await using var ann = await SignsInAsync("Ann Bauer");

        await ann.OpensAsync("Support log");
        await ann.SeesAsync("message 1000");
        var seen = new HashSet<string>();
        var first = ann.Log.GetByText("message 1", new() { Exact = true });
        await ann.Log.HoverAsync();
        while (await first.CountAsync() == 0)
        {
            seen.UnionWith(await ann.TextsAsync());
            await ann.Page.Mouse.WheelAsync(0, -1_500);
            await ann.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }

        seen.UnionWith(await ann.TextsAsync());
        Enumerable.Range(1, 1_000).Select(number => $"message {number}").Except(seen).ShouldBeEmpty();
        (await ann.Log.GetByRole(AriaRole.Article).CountAsync()).ShouldBeLessThanOrEqualTo(400);
        await ann.LooksAsync("long-group");
    }

    private async Task<Person> SignsInAsync(string name) =>
        await Person.SignsInAsync(await chromium.NewPersonAsync(new Uri($"http://localhost:{_port}")), name);

    private IEnumerable<string> StoreArguments => _store!.Select(static setting => $"--{setting.Key}={setting.Value}");

    private async Task ImportAsync(int messages)
    {
        var file = _folder.File("2026-01-05.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, messages).Select(number =>
            $"[{number / 60 % 24:00}:{number % 60:00}] <guest{number % 7}> message {number}"));
        (await GatewayProcess.RunAsync(_folder.Path, ["import", "--tenant", "demo", "--group", "Support log", "--member", "ann", file, .. StoreArguments])).ExitCode.ShouldBe(0);
    }
}
