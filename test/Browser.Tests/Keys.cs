using Microsoft.Playwright;

namespace OrleansChat.Browser.Tests;

/// <summary>Two hands and no pointer. After each key it is plain where the focus is: somewhere, with a sign of it, under nothing.</summary>
internal sealed class Keys(IPage page)
{
    /// <summary>More stops than any page has: who does not arrive by then goes around in circles.</summary>
    private const int StopsMax = 40;

    internal async Task PressAsync(string key)
    {
        await page.Keyboard.PressAsync(key);
        await IsSomewhereAsync(key);
    }

    internal Task TypeAsync(string text) => page.Keyboard.TypeAsync(text);

    /// <summary>The focus is here, or comes here.</summary>
    internal async Task AreAtAsync(ILocator place)
    {
        await Assertions.Expect(place).ToBeFocusedAsync();
        await IsSomewhereAsync("waiting");
    }

    /// <summary>Presses a key until the focus is there.</summary>
    internal async Task GoToAsync(ILocator place, string key = "Tab")
    {
        await place.WaitForAsync();
        for (var stops = 0; !await place.EvaluateAsync<bool>("place => place === document.activeElement"); stops++)
        {
            stops.ShouldBeLessThan(StopsMax, $"{key} does not lead to {place}");
            await PressAsync(key);
        }
    }

    private async Task IsSomewhereAsync(string after)
    {
        var problem = await page.EvaluateAsync<string>("""
            // What lost the focus gives it on when the page has been drawn.
            () => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn))).then(() => {
                const at = document.activeElement
                if (at === null || at === document.body) return 'the focus is nowhere'
                const around = [at, at.parentElement, at.parentElement?.parentElement].filter(element => element !== null)
                const marked = around.some(element => {
                    const { outlineStyle, boxShadow } = getComputedStyle(element)
                    return outlineStyle !== 'none' || (element.matches(':focus-within') && boxShadow !== 'none')
                })
                if (!at.matches(':focus-visible') || !marked) return `no sign of the focus at ${at.outerHTML}`
                const { left, right, top, bottom } = at.getBoundingClientRect()
                const middle = (low, high, end) => (Math.max(low, 0) + Math.min(high, end)) / 2
                const seen = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight))
                return seen !== null && (at.contains(seen) || seen.contains(at)) ? '' : `something covers ${at.outerHTML}`
            })
            """);
        problem.ShouldBeEmpty($"after {after}");
    }
}
