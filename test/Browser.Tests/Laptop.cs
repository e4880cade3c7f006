using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace OrleansChat.Browser.Tests;

/// <summary>A machine of somebody's own with a browser on it, which can be put to sleep: all processes of the browser stand still.</summary>
internal sealed class Laptop(ChromiumFixture chromium) : IAsyncDisposable
{
    private string[] _processes = [];

    internal static async Task<Laptop> StartAsync()
    {
        var chromium = new ChromiumFixture();
        await chromium.InitializeAsync();
        return new Laptop(chromium);
    }

    internal Task<IBrowserContext> OpensAsync(Uri address) => chromium.NewPersonAsync(address);

    internal async Task SleepsAsync()
    {
        var session = await chromium.Browser.NewBrowserCDPSessionAsync();
        var processes = (await session.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo");
        _processes = [.. processes.EnumerateArray().Select(static process => process.GetProperty("id").GetInt32().ToString(CultureInfo.InvariantCulture))];
        await SignalAsync("-STOP");
    }

    internal Task WakesAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        await WakesAsync();
        await chromium.DisposeAsync();
    }

    private async Task SignalAsync(string signal)
    {
        if (_processes.Length > 0)
        {
            using var kill = Process.Start("kill", [signal, .. _processes]);
            await kill.WaitForExitAsync();
        }
    }
}
