using System.Text.Json;
using Microsoft.Playwright;

namespace OrleansChat.Browser.Tests.Speed;

/// <summary>What is measured in the page itself, in milliseconds. Nothing looks at the page while a time runs.</summary>
internal static class Measures
{
    /// <summary>What has not happened by then does not happen.</summary>
    internal static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A hand rests on what it points at for so long before it presses; on average, of those who click, 285 ms
    /// (Web Performance Calendar 2019, "Instant pages with just-in-time preloading": 65 + 300 ms until the click).
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    /// <summary>And keeps the button down for so long; on average (same source).</summary>
    private static readonly TimeSpan Press = TimeSpan.FromMilliseconds(80);

    /// <summary>Slows the page's processor down by this factor; 1 is as it is.</summary>
    internal static async Task ThrottleAsync(IPage page, double factor)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Emulation.setCPUThrottlingRate", new Dictionary<string, object> { ["rate"] = factor });
    }

    /// <summary>
    /// From the address until the list can be used, in a page that nobody drives: what is told to a driver of everything that goes on
    /// in a page takes a part of its start.
    /// </summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="signedIn">The cookies of whoever is signed in; nothing else of the page is in the browser.</param>
    /// <param name="slower">As in <see cref="ThrottleAsync"/>.</param>
    internal static async Task<double> StartAsync(IBrowser chromium, string address, IEnumerable<BrowserContextCookiesResult> signedIn, double slower)
    {
        var browser = await chromium.NewBrowserCDPSessionAsync();
        var own = (await browser.SendAsync("Target.createBrowserContext"))!.Value.GetProperty("browserContextId").GetString()!;
        var cookies = signedIn.Select(static cookie => new Dictionary<string, object>
        {
            ["name"] = cookie.Name, ["value"] = cookie.Value, ["domain"] = cookie.Domain, ["path"] = cookie.Path, ["httpOnly"] = cookie.HttpOnly,
        });
        await browser.SendAsync("Storage.setCookies", new() { ["browserContextId"] = own, ["cookies"] = cookies.ToArray() });
        var target = (await browser.SendAsync("Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = own }))!.Value.GetProperty("targetId").GetString()!;
        var session = (await browser.SendAsync("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = false }))!.Value.GetProperty("sessionId").GetString()!;
        await TellAsync("Emulation.setCPUThrottlingRate", new { rate = slower });
        await TellAsync("Page.navigate", new { url = address });
        var answer = await TellAsync("Runtime.evaluate", new
        {
            awaitPromise = true,
            expression = """
                new Promise(resolve => {
                  const isThere = () => document.querySelector('[data-conversation-id]')?.checkVisibility({ visibilityProperty: true }) === true
                  const look = () => isThere() ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look)
                  look()
                })
                """,
        });
        await browser.SendAsync("Target.disposeBrowserContext", new() { ["browserContextId"] = own });
        return answer.GetProperty("result").GetProperty("result").GetProperty("value").GetDouble();

        async Task<JsonElement> TellAsync(string method, object parameters)
        {
            var answered = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
            var answers = browser.Event("Target.receivedMessageFromTarget");
            answers.OnEvent += Hear;
            await browser.SendAsync("Target.sendMessageToTarget", new()
            {
                ["sessionId"] = session, ["message"] = JsonSerializer.Serialize(new { id = 1, method, @params = parameters }),
            });
            var answer = await answered.Task.WaitAsync(PatienceMax);
            answers.OnEvent -= Hear;
            return answer;

            void Hear(object? sender, JsonElement? told)
            {
                var message = JsonElement.Parse(told!.Value.GetProperty("message").GetString()!);
                if (message.TryGetProperty("id", out _))
                {
                    answered.TrySetResult(message);
                }
            }
        }
    }

    /// <summary>
    /// How long a conversation takes to be opened by pointing at its row in the list and pressing it: from when the button goes down until its messages
    /// are painted; from when it goes up, which is 0 when they were painted by then; and from there until it is open: its name in the
    /// head, its field to be written in, its row marked.
    /// </summary>
    internal static async Task<Opening> OpenAsync(Person person, string title)
    {
        var box = (await person.Row(title).First.BoundingBoxAsync())!;
        await person.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await Task.Delay(Rest, TestContext.Current.CancellationToken);
        var opening = person.Page.EvaluateAsync<JsonElement>("""
            async title => {
              const once = type => new Promise(resolve => addEventListener(type, ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true }))
              const paintedWhen = holds => new Promise(resolve => {
                const look = () => requestAnimationFrame(() => {
                  if (!holds()) return look()
                  const after = new MessageChannel()
                  after.port1.onmessage = () => resolve(performance.now())
                  after.port2.postMessage(0)
                })
                look()
              })
              const view = place => document.querySelector(`.conversation[data-place=${place}][aria-label="${CSS.escape(title)}"]:has(.row)`)
              const inFront = () => view('front') !== null
              // As the style sheet has it: the one that is ready is shown while its row is pressed.
              const shown = () => inFront() || (view('ready') !== null && document.querySelector('[data-pressed]') !== null)
              const click = once('click')
              const down = await once('pointerdown')
              const [painted, [up, open]] = await Promise.all([paintedWhen(shown), click.then(async up => [up, await paintedWhen(inFront)])])
              return { pressed: painted - down, released: Math.max(0, painted - up), opened: open - up }
            }
            """, title);
        await person.Page.EvaluateAsync("0");
        await person.Page.Mouse.DownAsync();
        await Task.Delay(Press, TestContext.Current.CancellationToken);
        await person.Page.Mouse.UpAsync();
        var at = await opening.WaitAsync(PatienceMax);
        return new Opening(at.GetProperty("pressed").GetDouble(), at.GetProperty("released").GetDouble(), at.GetProperty("opened").GetDouble());
    }

    /// <summary>Of each key typed into the field: until all that it sets off has run, and until it is painted.</summary>
    internal static async Task<(double[] Handled, double[] Painted)> TypeAsync(ILocator field, string text, Func<Task> betweenKeys)
    {
        await field.FocusAsync();
        var page = field.Page;
        await page.EvaluateAsync("""
            () => {
              const keys = (window.keyTimes = { handled: [], painted: [] })
              let down
              addEventListener('keydown', key => {
                down = key.timeStamp
                const began = down
                requestAnimationFrame(() => {
                  const after = new MessageChannel()
                  after.port1.onmessage = () => keys.painted.push(performance.now() - began)
                  after.port2.postMessage(0)
                })
              }, true)
              addEventListener('input', () => keys.handled.push(performance.now() - down))
            }
            """);
        foreach (var key in text)
        {
            await page.Keyboard.PressAsync(key == ' ' ? "Space" : key.ToString());
            await betweenKeys();
        }

        var times = await page.EvaluateAsync<JsonElement>("() => window.keyTimes");
        return (Numbers(times.GetProperty("handled")), Numbers(times.GetProperty("painted")));
    }

    /// <summary>Main-thread CPU of each frame while something goes on in the page.</summary>
    internal static async Task<double[]> FramesAsync(IPage page, Func<Task> goesOn)
    {
        List<JsonElement> events = [];
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Tracing.dataCollected").OnEvent += (_, data) => events.AddRange(data!.Value.GetProperty("value").EnumerateArray());
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => complete.TrySetResult();
        await page.EvaluateAsync("""
            () => {
              window.marksFrames = true
              const mark = () => { performance.mark('frame'); if (window.marksFrames) requestAnimationFrame(mark) }
              mark()
            }
            """);
        await session.SendAsync("Tracing.start", new Dictionary<string, object>
        {
            ["transferMode"] = "ReportEvents",
            ["traceConfig"] = new Dictionary<string, object> { ["includedCategories"] = new[] { "toplevel", "blink.user_timing" } },
        });
        await goesOn();
        await session.SendAsync("Tracing.end");
        await complete.Task.WaitAsync(PatienceMax);
        await page.EvaluateAsync("() => { window.marksFrames = false }");
        return FramesOf(events);
    }

    /// <summary>What the page holds in memory after a garbage collection, in megabytes: scripts' objects.</summary>
    internal static async Task<double> HeapMegabytesAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await session.SendAsync("HeapProfiler.collectGarbage");
        var metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray();
        return metrics.First(metric => metric.GetProperty("name").GetString() == "JSHeapUsedSize").GetProperty("value").GetDouble() / 1e6;
    }

    /// <summary>Adds up the tasks of the thread that marks frames, from one mark to the next.</summary>
    private static double[] FramesOf(List<JsonElement> events)
    {
        var mark = events.First(static each => each.GetProperty("name").GetString() == "frame");
        var (process, thread) = (mark.GetProperty("pid").GetInt64(), mark.GetProperty("tid").GetInt64());
        var mine = events
            .Where(each => each.GetProperty("pid").GetInt64() == process && each.GetProperty("tid").GetInt64() == thread)
            .OrderBy(static each => each.GetProperty("ts").GetInt64());
        List<double> frames = [];
        List<long> marks = [.. mine.Where(static each => each.GetProperty("name").GetString() == "frame").Select(static each => each.GetProperty("ts").GetInt64())];
        long end = 0;
        double work = 0;
        var next = 0;
        foreach (var task in mine.Where(static each => each.GetProperty("name").GetString()!.EndsWith("RunTask", StringComparison.Ordinal) && each.TryGetProperty("dur", out _)))
        {
            var begins = task.GetProperty("ts").GetInt64();
            if (begins < end)
            {
                // A task in another one is counted with that.
                continue;
            }

            end = begins + task.GetProperty("dur").GetInt64();
            while (next < marks.Count && marks[next] < begins)
            {
                next++;
            }

            if (next < marks.Count && marks[next] < end)
            {
                frames.Add(work);
                work = 0;
            }

            work += task.TryGetProperty("tdur", out var cpu) ? cpu.GetDouble() / 1000 : 0;
        }

        return [.. frames.Skip(1)];
    }

    private static double[] Numbers(JsonElement numbers) => [.. numbers.EnumerateArray().Select(static number => number.GetDouble())];
}

/// <summary>In milliseconds; see <see cref="Measures.OpenAsync"/>.</summary>
/// <param name="Pressed">From when the button goes down until the messages are painted.</param>
/// <param name="Released">From when it goes up; 0 when they were painted by then.</param>
/// <param name="Opened">From when it goes up until the conversation is open.</param>
internal sealed record Opening(double Pressed, double Released, double Opened);
