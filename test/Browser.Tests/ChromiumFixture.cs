using Microsoft.Playwright;

namespace OrleansChat.Browser.Tests;

/// <summary>The installed Chromium, driven by Playwright. Without one, the tests are skipped and say so.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser; null when there is one.</summary>
    public string? Missing { get; private set; }

    internal IBrowser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .SelectMany(_ => Programs, Path.Combine)
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            Missing = "No Chromium is installed (Debian package: chromium).";
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A browser profile of its own, as of another person on another machine.</summary>
    public async Task<IBrowserContext> NewPersonAsync(Uri address, ColorScheme colors = ColorScheme.Light, int width = 1100, int height = 720, string locale = "en-GB")
    {
        Assert.SkipWhen(Missing is not null, Missing ?? string.Empty);
        return await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.AbsoluteUri,
            ColorScheme = colors,
            Locale = locale,
            Permissions = ["notifications", "clipboard-read", "clipboard-write"],
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
