using Microsoft.Playwright;

namespace OrleansChat.Browser.Tests;

/// <summary>Somebody at a browser: does and sees what a person does and sees, by roles and names.</summary>
internal sealed class Person(IPage page, string name) : IAsyncDisposable
{
    internal IPage Page => page;

    internal string Name => name;

    /// <summary>What things are called on this page.</summary>
    internal Words Words { get; private set; } = Words.English;

    internal List<string> ConsoleErrors { get; } = [];

    /// <param name="browser">A browser of their own.</param>
    /// <param name="name">Who signs in, by the beginning of the name.</param>
    /// <param name="before">A script that runs before those of the page.</param>
    internal static async Task<Person> SignsInAsync(IBrowserContext browser, string name, string? before = null)
    {
        var person = await OpensPageAsync(browser, name, before);
        var page = person.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await person.List.WaitForAsync();
        return person;
    }

    /// <summary>One more tab in the same browser.</summary>
    internal async Task<Person> OpensAnotherTabAsync(string? before = null)
    {
        var person = await OpensPageAsync(page.Context, name, before);
        await person.List.WaitForAsync();
        return person;
    }

    /// <summary>The page, whoever is signed in.</summary>
    internal static async Task<Person> OpensPageAsync(IBrowserContext browser, string name, string? before = null)
    {
        var page = await browser.NewPageAsync();
        var person = new Person(page, name);
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        page.Console += (_, message) =>
        {
            // Asking who is signed in is answered 401 before the sign-in; browsers print that by themselves.
            if (message.Type == "error" && !message.Text.Contains("401 (Unauthorized)", StringComparison.Ordinal))
            {
                person.ConsoleErrors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => person.ConsoleErrors.Add(error);
        await page.GotoAsync("/");
        person.Words = Words.Of(await page.EvaluateAsync<string>("() => navigator.language.split('-')[0]"));
        return person;
    }

    /// <summary>Opens what stands beside the conversation.</summary>
    internal async Task OpensPaneAsync(string pane)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = Words[pane], Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Complementary, new() { Name = Words[pane] }).WaitForAsync();
    }

    /// <summary>Finds somebody by name and opens the direct conversation.</summary>
    internal async Task OpensConversationWithAsync(string other)
    {
        await page.GetByRole(AriaRole.Searchbox, new() { Name = Words["Find people or groups"] }).FillAsync(other);
        await page.GetByRole(AriaRole.List, new() { Name = Words["People found"] }).GetByRole(AriaRole.Button, new() { Name = other }).ClickAsync();
        await Field.WaitForAsync();
    }

    /// <summary>Opens a conversation from the list.</summary>
    internal Task OpensAsync(string title) => Row(title).ClickAsync();

    internal async Task WritesAsync(string text)
    {
        await Field.FillAsync(text);
        await Field.PressAsync("Enter");
    }

    /// <summary>The message stands in the open conversation, once.</summary>
    internal Task SeesAsync(string text) => Assertions.Expect(Log.GetByText(text, new() { Exact = true })).ToHaveCountAsync(1, new() { Timeout = 15_000 });

    /// <summary>The open conversation shows its messages, at its end or at the first unread one.</summary>
    internal Task SeesLastAsync() => Assertions.Expect(Log.GetByRole(AriaRole.Article).First).ToBeVisibleAsync(new() { Timeout = 15_000 });

    /// <summary>The own message has its tick.</summary>
    internal Task SeesSentAsync(string text) =>
        Assertions.Expect(Log.GetByRole(AriaRole.Article).Filter(new() { HasText = text }).GetByRole(AriaRole.Img, new() { Name = Words["sent"] }))
            .ToBeVisibleAsync(new() { Timeout = 15_000 });

    /// <summary>The connection is back: it is tried again by itself, the longer it was in vain the later; half a minute at most.</summary>
    internal Task ComesBackAsync() => Assertions.Expect(Banner).ToBeEmptyAsync(new() { Timeout = 45_000 });

    /// <summary>What is said about the connection; empty while there is one, and until it is away for two seconds.</summary>
    internal ILocator Banner => page.GetByRole(AriaRole.Status, new() { Name = Words["Connection"] });

    /// <summary>What opens the menu with the own status, the settings and the way out.</summary>
    internal ILocator OwnMenu => page.GetByRole(AriaRole.Navigation, new() { Name = Words["Chats"] }).Locator("header").GetByRole(AriaRole.Button);

    /// <summary>The conversation's row in the list.</summary>
    internal ILocator Row(string title) =>
        List.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title });

    /// <summary>The list of conversations.</summary>
    internal ILocator List => page.GetByRole(AriaRole.List, new() { Name = Words["Conversations"] });

    internal ILocator Log => page.GetByRole(AriaRole.Log, new() { Name = Words["Messages"] });

    /// <summary>Where a message is written.</summary>
    internal ILocator Field => page.GetByRole(AriaRole.Textbox, new() { Name = Words["Message"] });

    /// <summary>The texts in the open conversation, in order.</summary>
    internal async Task<IReadOnlyList<string>> TextsAsync() => await Log.GetByRole(AriaRole.Article).GetByRole(AriaRole.Paragraph).AllInnerTextsAsync();

    /// <summary>The page has nothing to do. One that draws nothing at all may never be told so: hence the limit of 5 s for each look.</summary>
    internal async Task RestsAsync() =>
        await page.EvaluateAsync("""
            async () => {
              for (let times = 0; times < 3; times++) await new Promise(resolve => requestIdleCallback(resolve, { timeout: 5_000 }))
            }
            """).WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Keeps a picture of the page for whoever wants to look.</summary>
    internal Task LooksAsync(string picture) => page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, picture + ".png") });

    /// <summary>Where pictures of pages are kept.</summary>
    internal static string Pictures
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Directory.CreateDirectory(Path.Combine(own.Parent!.Parent!.Parent!.Parent!.FullName, "screens")).FullName;
        }
    }

    public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();
}
