using System.Text;
using Microsoft.Playwright;
using OrleansChat.Testing;

namespace OrleansChat.Browser.Tests;

/// <summary>What people write to harm those who read it: it is shown as text, runs nothing, and stays inside its row (S8).</summary>
public sealed class HostileTests(Desk desk) : IClassFixture<Desk>
{
    /// <summary>Nothing that was written has become anything but text.</summary>
    private const string Harm = """
        () => [
            window.harmed === undefined ? [] : ['a script ran'],
            [...document.querySelectorAll('script')].filter(e => new URL(e.src, location).origin !== location.origin || !e.src).map(e => e.outerHTML),
            [...document.querySelectorAll('iframe, object, embed, base, form[action], button[formaction], meta[http-equiv]')].map(e => e.outerHTML),
            [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')).map(n => `${e.tagName} ${n}`)),
            [...document.querySelectorAll('a[href]')].filter(e => !/^(https?:|mailto:|#)/.test(e.getAttribute('href')) ).map(e => e.getAttribute('href')),
            [...document.querySelectorAll('a[href^=http]')].filter(e => !e.rel.includes('noopener')).map(e => `opener of ${e.href}`),
            [...document.querySelectorAll('[role=log] img, [role=log] video, [role=log] audio')].map(e => e.outerHTML),
        ].flat()
        """;

    /// <summary>What stands wider than the log, or over its neighbour.</summary>
    private const string Spill = """
        () => {
            const log = document.querySelector('[role=log]');
            const rows = [...log.querySelectorAll('article')];
            const edge = log.getBoundingClientRect().right + 1;
            return [
                log.scrollWidth > log.clientWidth + 1 ? ['the log scrolls sideways'] : [],
                document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [],
                rows.filter(r => r.getBoundingClientRect().right > edge).map(r => r.innerText.slice(0, 40)),
                rows.slice(1).filter((r, i) => r.getBoundingClientRect().top < rows[i].getBoundingClientRect().bottom - 1).map(r => `over its neighbour: ${r.innerText.slice(0, 40)}`),
            ].flat();
        }
        """;

    [Fact]
    [Rule("W11")]
    public async Task Scripts_InMessages_AreTextAndNothingElse()
    {
        HostilePayloads.All.Count.ShouldBeGreaterThanOrEqualTo(500);
        await using var mallory = await desk.ConnectsAsync("mallory", "<img src=x onerror=window.harmed=1>");
        var group = await Desk.StartsGroupAsync(mallory, "<script>window.harmed=1</script>", "ann");
        foreach (var payload in HostilePayloads.All)
        {
            await Desk.PostsAsync(mallory, group, payload);
        }

        await using var ann = await desk.SignsInAsync("Ann Bauer");
        await ann.OpensAsync("<script>window.harmed=1</script>");
        await ann.SeesLastAsync();
        await ann.Log.HoverAsync();
        while (await ann.Log.GetByText("The beginning").CountAsync() == 0)
        {
            await LooksHarmlessAsync(ann);
            await ann.Page.Mouse.WheelAsync(0, -2_500);
            await ann.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }

        await LooksHarmlessAsync(ann);
        await ann.LooksAsync("hostile");
        await ann.OpensPaneAsync("Details");
        await LooksHarmlessAsync(ann);
        await ann.Page.Keyboard.PressAsync("Control+f");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search messages" })).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync("onerror");
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.Page.GetByRole(AriaRole.List, new() { Name = "Messages found" }).GetByRole(AriaRole.Listitem).First.WaitForAsync();
        await LooksHarmlessAsync(ann);
        await ann.Page.Keyboard.PressAsync("Control+k");
        await ann.Page.Keyboard.TypeAsync("<script>");
        await ann.Page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await LooksHarmlessAsync(ann);
        await ann.Page.Keyboard.PressAsync("Escape");
        ann.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W11")]
    public async Task Scripts_InNamesOfPeopleAndGroups_AreTextAndNothingElse()
    {
        var names = HostilePayloads.All.Select(AsName).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, names.Length), TestContext.Current.CancellationToken, async (number, _) =>
        {
            await using var person = await desk.ConnectsAsync($"hostile{number}", names[number]);
            await Desk.StartsGroupAsync(person, names[number], "chidi");
        });

        await using var bobs = await desk.ConnectsAsync("bob", "Bob Castillo");
        await Desk.StartsGroupAsync(bobs, "Everybody", ["chidi", .. Enumerable.Range(0, names.Length).Select(number => $"hostile{number}")]);
        await using var chidi = await desk.SignsInAsync("Chidi Okafor");
        var list = chidi.List;
        await chidi.OpensAsync("Everybody");
        await chidi.Log.GetByText("created “Everybody”").WaitForAsync();
        await chidi.OpensPaneAsync("Details");
        var details = chidi.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        var more = details.GetByRole(AriaRole.Button, new() { Name = "Show more" });
        var members = details.GetByRole(AriaRole.List, new() { Name = "Members" }).GetByRole(AriaRole.Listitem);
        for (var shown = 0; await more.CountAsync() > 0; shown = await members.CountAsync())
        {
            await more.ClickAsync();
            await Assertions.Expect(members.Nth(shown)).ToBeAttachedAsync();
            await LooksHarmlessAsync(chidi);
        }

        var listed = string.Join('\n', await members.AllTextContentsAsync());
        names.Where(name => !listed.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty("each is a member by the name as it was written");
        await chidi.Row("Everybody").HoverAsync();
        var seen = await ScrollsThroughAsync(chidi, list);
        names.Except(seen).ShouldBeEmpty("each stands in the list as it was written");
        chidi.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W11")]
    public async Task Scripts_InSearches_AreTextAndNothingElse()
    {
        await using var dana = await desk.SignsInAsync("Dana Nováková");
        await dana.Page.Keyboard.PressAsync("Control+f");
        await dana.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search messages" }).WaitForAsync();
        // One after the other in the page itself: told each from here, they take several times as long.
        var harm = await dana.Page.EvaluateAsync<string[]>(
            $$"""
            async payloads => {
              const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
              const found = []
              for (const payload of payloads) {
                const field = document.querySelector('[role=search] input')
                setValue.call(field, payload)
                const query = field.value.trim()
                field.dispatchEvent(new InputEvent('input', { bubbles: true }))
                field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
                const said = () => document.querySelector('.pane-body [role=status]').textContent
                const until = performance.now() + 15_000
                do await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
                while (said().startsWith('Searching') && performance.now() < until)
                if (said().startsWith('Searching')) found.push(`not found out: ${payload}`)
                if (new URLSearchParams(location.hash.split('?')[1]).get('q') !== query) found.push(`not searched: ${payload}`)
                found.push(...({{Harm}})().map(harm => `${harm} by ${payload}`))
              }
              return found
            }
            """,
            HostilePayloads.All);
        harm.ShouldBeEmpty();
        await LooksHarmlessAsync(dana);
        dana.ConsoleErrors.ShouldBeEmpty();
    }

    [Fact]
    [Rule("W4")]
    public async Task MonstrousTexts_StayInsideTheirRows()
    {
        await using var mallory = await desk.ConnectsAsync("mal2", "Mallory\u202e\u0336\u0336");
        var group = await Desk.StartsGroupAsync(mallory, "Monsters", "ann");
        string[] monsters =
        [
            new string('W', 10_000),
            string.Concat(Enumerable.Repeat("wide word ", 1_000)),
            "Z" + string.Concat(Enumerable.Repeat("\u0336\u0489\u0300\u0301\u0302", 1_000)),
            string.Concat(Enumerable.Repeat("\u202eright to left \u2066", 300)),
            string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 400)),
            string.Concat(Enumerable.Repeat("\n", 400)) + "far below",
            string.Concat(Enumerable.Repeat("> ", 200)) + "deep quote",
            string.Concat(Enumerable.Repeat("* ", 300)) + "deep list",
            "```\n" + new string('c', 9_000) + "\n```",
            "﷽﷽﷽﷽﷽﷽﷽﷽﷽﷽﷽﷽",
        ];
        foreach (var monster in monsters)
        {
            await Desk.PostsAsync(mallory, group, monster);
            await Desk.PostsAsync(mallory, group, "a neighbour");
        }

        foreach (var width in new[] { 1_200, 380 })
        {
            await using var ann = await desk.SignsInAsync("Ann Bauer", width: width);
            await ann.OpensAsync("Monsters");
            await ann.SeesLastAsync();
            await ann.Log.HoverAsync();
            for (var step = 0; step < 25; step++)
            {
                (await ann.Page.EvaluateAsync<string[]>(Spill)).ShouldBeEmpty();
                await ann.Page.Mouse.WheelAsync(0, -1_200);
                await ann.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            }

            await ann.LooksAsync($"monsters-{width}");
            ann.ConsoleErrors.ShouldBeEmpty();
        }
    }

    /// <summary>From the top of the list of conversations, where the pointer is, down to its end. The answer: the titles of its rows.</summary>
    private static async Task<HashSet<string>> ScrollsThroughAsync(Person person, ILocator list)
    {
        HashSet<string> seen = [];
        while (true)
        {
            await LooksHarmlessAsync(person);
            seen.UnionWith(await list.EvaluateAsync<string[]>("list => [...list.querySelectorAll('.chat-row-title')].map(e => e.textContent)"));
            if (await list.Locator("li").EvaluateAllAsync<bool>("rows => rows.some(row => row.ariaPosInSet === row.ariaSetSize)"))
            {
                return seen;
            }

            var top = await list.EvaluateAsync<double>("list => list.parentElement.scrollTop");
            await person.Page.Mouse.WheelAsync(0, 400);
            // What is below is drawn once it has moved; at the end of what was read the next rows come.
            await person.Page.WaitForFunctionAsync(
                """
                top => {
                  const list = document.querySelector('.chat-list')
                  return list.scrollTop > top || [...list.querySelectorAll('li')].some(row => row.ariaPosInSet === row.ariaSetSize)
                }
                """,
                top);
            await person.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }
    }

    /// <summary>In one line, short enough for a name, and different from all others.</summary>
    private static string AsName(string payload, int number)
    {
        var line = string.Concat(payload.EnumerateRunes().Select(static rune => Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) ? " " : rune.ToString()));
        return $"{number} {string.Concat(line.EnumerateRunes().Take(55).Select(static rune => rune.ToString())).Trim()}";
    }

    private static async Task LooksHarmlessAsync(Person person)
    {
        (await person.Page.EvaluateAsync<string[]>(Harm)).ShouldBeEmpty();
        if (await person.Log.CountAsync() > 0)
        {
            (await person.Page.EvaluateAsync<string[]>(Spill)).ShouldBeEmpty();
        }
    }
}
