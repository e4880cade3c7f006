using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests.Speed;

/// <summary>
/// The page of somebody with much to read: what must hold on every machine is asserted; times are reported, beside those of a page
/// with nothing in it, which is what the browser itself takes. <c>CHAT_CAMPAIGN=full</c> in the environment slows the processor down
/// by four, measures often, and scrolls through all 16,336 messages.
/// </summary>
public sealed class SpeedTests(BigDesk desk) : IClassFixture<BigDesk>
{
    private const double HeapMaxMegabytes = 150;
    private const int RowsMax = 400;
    private const double JumpMaxPixels = 2;
    private const int ScriptMaxBytes = 200 * 1024;

    private static readonly bool Full = Environment.GetEnvironmentVariable("CHAT_CAMPAIGN") == "full";

    private static double Slower => Full ? 4 : 1;

    [Fact]
    [Rule("W4")]
    public async Task ScrollBack_ThroughALongHistory_KeepsFewRowsAndNeverJumps()
    {
        Assert.SkipWhen(BigDesk.MissingData is not null, BigDesk.MissingData ?? "");
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync(BigDesk.Group);
        await ann.SeesLastAsync();
        await PointsAtTheLogAsync(ann);
        await ann.Page.EvaluateAsync("""
            () => {
              const log = document.querySelector('.conversation[data-place=front] .log')
              const seen = (window.seen = { jump: 0, rows: 0, first: Infinity, looks: true })
              let last
              const look = () => {
                seen.rows = Math.max(seen.rows, document.querySelectorAll('.row, .divider, .day-head').length)
                // What was under the middle only ever moves down while somebody scrolls back.
                if (last?.row.isConnected) seen.jump = Math.max(seen.jump, last.top - last.row.getBoundingClientRect().top)
                const box = log.getBoundingClientRect()
                const row = document.elementsFromPoint(box.left + 100, box.top + box.height / 2).find(element => element.matches('[data-seq]'))
                if (row) seen.first = Math.min(seen.first, Number(row.dataset.seq))
                last = row && { row, top: row.getBoundingClientRect().top }
                if (seen.looks) requestAnimationFrame(look)
              }
              look()
            }
            """);
        // With the first message at the top it is one of those after it that stands in the middle.
        var until = Full ? 30 : 15_000;
        var began = Stopwatch.StartNew();
        while (await ann.Page.EvaluateAsync<int>("() => window.seen.first") > until)
        {
            began.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(15), "the history comes as fast as somebody scrolls");
            await ScrollsBackAsync(ann, steps: 60, pixels: 400);
        }

        var seen = await ann.Page.EvaluateAsync<JsonElement>("() => { window.seen.looks = false; return window.seen }");
        var heap = await Measures.HeapMegabytesAsync(ann.Page);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"rows at most {seen.GetProperty("rows")}, jump at most {seen.GetProperty("jump").GetDouble():F2} px, heap {heap:F1} MB, back to message {seen.GetProperty("first")} in {began.Elapsed.TotalSeconds:F0} s");
        seen.GetProperty("jump").GetDouble().ShouldBeLessThanOrEqualTo(JumpMaxPixels);
        seen.GetProperty("rows").GetInt32().ShouldBeLessThanOrEqualTo(RowsMax);
        heap.ShouldBeLessThan(HeapMaxMegabytes);
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task FirstLoad_OfTheChat_NeedsLittleScript()
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        var page = await ann.Page.Context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.List, new() { Name = "Conversations" }).WaitForAsync();
        // Panes are loaded for later, when there is nothing else to do: they count as well.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var bytes = await page.EvaluateAsync<int>(
            "() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)");
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes / 1024.0:F0} KiB of script");
        bytes.ShouldBeGreaterThan(0);
        bytes.ShouldBeLessThanOrEqualTo(ScriptMaxBytes);
    }

    [Fact]
    public async Task Times_OfWhatAnAgentDoesAllDay_AreReported()
    {
        Assert.SkipWhen(BigDesk.MissingData is not null, BigDesk.MissingData ?? "");
        var figures = new Figures();
        await OpensAsync(figures);
        await ScrollsAsync(figures);
        await TypesAsync(figures);
        await NothingAsync(figures);
        // Last: what a program that has just taken in all of this does afterwards is no part of a page's start.
        await StartsAsync(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(await File.ReadAllTextAsync(Figures.Path, TestContext.Current.CancellationToken));
    }

    /// <summary>From the address to a list that can be used, in a browser that has nothing of the page.</summary>
    private async Task StartsAsync(Figures figures)
    {
        List<double> times = [];
        IBrowser chromium;
        string address;
        IReadOnlyList<BrowserContextCookiesResult> signedIn;
        await using (var ann = await desk.SignsInAsync("Ann Bauer"))
        {
            (chromium, address) = (ann.Page.Context.Browser!, ann.Page.Url.Split('#')[0]);
            signedIn = await ann.Page.Context.CookiesAsync();
        }

        for (var number = 0; number < (Full ? 9 : 1); number++)
        {
            times.Add(await Measures.StartAsync(chromium, address, signedIn, Slower));
        }

        figures.Add("start until the list can be used", times, "< 1,500 ms");
    }

    private async Task OpensAsync(Figures figures)
    {
        List<Opening> cold = [], again = [], large = [];
        await using (var ann = await desk.SignsInAsync("Ann Bauer"))
        {
            await ann.Row(BigDesk.CaseName(0)).WaitForAsync();
            await Measures.ThrottleAsync(ann.Page, Slower);
            for (var number = 0; number < (Full ? 7 : 2); number++)
            {
                cold.Add(await Measures.OpenAsync(ann, BigDesk.CaseName(number + 1)));
                await ann.RestsAsync();
            }

            await Measures.OpenAsync(ann, BigDesk.Group);
            await ann.RestsAsync();
            for (var number = 0; number < (Full ? 15 : 3); number++)
            {
                again.Add(await Measures.OpenAsync(ann, BigDesk.CaseName(1 + (number % 3))));
                await ann.RestsAsync();
                again.Add(await Measures.OpenAsync(ann, BigDesk.Group));
                await ann.RestsAsync();
            }
        }

        for (var number = 0; number < (Full ? 5 : 1); number++)
        {
            await using var ann = await desk.SignsInAsync("Ann Bauer");
            // Whoever has come looks at the list first; meanwhile its first conversation is made ready.
            await ann.Page.Locator(".log .row").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await ann.RestsAsync();
            await Measures.ThrottleAsync(ann.Page, Slower);
            large.Add(await Measures.OpenAsync(ann, BigDesk.Group));
        }

        figures.Add("a conversation that was open before", again, "< 50 ms");
        figures.Add("another one, two messages", cold, "p95 < 200 ms");
        figures.Add("the large group, as the first one of a page", large, "p95 < 200 ms");
    }

    private async Task ScrollsAsync(Figures figures)
    {
        foreach (var pixels in Speeds)
        {
            await using var ann = await desk.SignsInAsync("Ann Bauer");
            await ann.OpensAsync(BigDesk.Group);
            await ann.SeesLastAsync();
            await PointsAtTheLogAsync(ann);
            await Measures.ThrottleAsync(ann.Page, Slower);
            var frames = await Measures.FramesAsync(ann.Page, () => ScrollsBackAsync(ann, Full ? 500 : 100, pixels));
            figures.Add($"main thread per frame, scrolling back {pixels * 60:N0} px/s", frames, "p95 ≤ 16 ms");
        }
    }

    /// <summary>Somebody else writes twenty messages per second into the conversation.</summary>
    private async Task TypesAsync(Figures figures)
    {
        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await using var bob = await desk.ConnectsAsync("bob", "Bob Castillo");
        var name = BigDesk.CaseName(8);
        await ann.OpensAsync(name);
        await ann.SeesLastAsync();
        var address = new Uri(ann.Page.Url).Fragment;
        var conversation = Uri.UnescapeDataString(address.Split('/')[2]);
        await Measures.ThrottleAsync(ann.Page, Slower);
        using var ends = new CancellationTokenSource();
        var writes = WritesAsync();
        var (handled, painted) = await Measures.TypeAsync(ann.Field, Typed, PressesAsync);
        await ends.CancelAsync();
        await writes;
        figures.Add("key until all it sets off has run, 20 messages/s", handled, "p95 < 16 ms");
        figures.Add("key until it is painted, 20 messages/s", painted);

        async Task WritesAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (var number = 0; !ends.IsCancellationRequested; number++)
            {
                await Desk.PostsAsync(bob, conversation, $"{Sentence[..(20 + (number * 7 % 60))]} ({number.ToString(CultureInfo.InvariantCulture)})");
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>The same in a page with nothing but a field and a button: what no page can be faster than.</summary>
    private async Task NothingAsync(Figures figures)
    {
        await using var anybody = await desk.OpensAsync("nobody", "en-GB");
        var page = anybody.Page;
        await page.GotoAsync("about:blank");
        await page.SetContentAsync("""
            <style>.conversation:not([data-place=front]) { color: transparent }</style>
            <ul aria-label="Conversations"><li><button style="width: 100%">Bare</button></li></ul>
            <textarea aria-label="Message"></textarea>
            <div class="conversation" aria-label="Bare"><p class="row">Text</p></div>
            """);
        await page.EvaluateAsync("() => document.querySelector('button').addEventListener('click', () => { document.querySelector('.conversation').dataset.place = 'front' })");
        await Measures.ThrottleAsync(page, Slower);
        List<Opening> clicks = [];
        for (var number = 0; number < (Full ? 15 : 3); number++)
        {
            await page.EvaluateAsync("() => { document.querySelector('.conversation').dataset.place = 'away' }");
            await anybody.RestsAsync();
            clicks.Add(await Measures.OpenAsync(anybody, "Bare"));
        }

        var (handled, painted) = await Measures.TypeAsync(page.GetByRole(AriaRole.Textbox), Typed, PressesAsync);
        await page.EvaluateAsync("""
            () => {
              const log = document.createElement('div')
              log.style = 'height: 500px; overflow: auto'
              for (let i = 0; i < 2000; i++) log.append(Object.assign(document.createElement('p'), { textContent: 'What somebody has to say. '.repeat(1 + (i % 4)) }))
              document.body.replaceChildren(log)
              log.scrollTop = log.scrollHeight
            }
            """);
        await page.Mouse.MoveAsync(300, 250);
        foreach (var pixels in Speeds)
        {
            var frames = await Measures.FramesAsync(page, () => ScrollsBackAsync(anybody, Full ? 500 : 100, pixels));
            figures.Add($"nothing but text: main thread per frame, scrolling back {pixels * 60:N0} px/s", frames);
        }

        figures.Add("nothing but a button: released until painted", [.. clicks.Select(static click => click.Released)]);
        figures.Add("nothing but a field: key until all it sets off has run", handled);
        figures.Add("nothing but a field: key until it is painted", painted);
    }

    /// <summary>Pixels for each step of the wheel, sixty of which come in a second.</summary>
    private static readonly int[] Speeds = [20, 50];

    private const string Sentence = "Have you tried turning it off and on again? That helps in most cases and costs nothing. ";

    private static string Typed => Sentence[..(Full ? Sentence.Length : 20)];

    /// <summary>About a hundred words a minute.</summary>
    private static Task PressesAsync() => Task.Delay(Random.Shared.Next(90, 150), TestContext.Current.CancellationToken);

    private static async Task PointsAtTheLogAsync(Person person)
    {
        var box = (await person.Log.BoundingBoxAsync())!;
        await person.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private static async Task ScrollsBackAsync(Person person, int steps, int pixels)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(16));
        for (var step = 0; step < steps; step++)
        {
            await person.Page.Mouse.WheelAsync(0, -pixels);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
