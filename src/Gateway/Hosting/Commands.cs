using Microsoft.Extensions.Options;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Gateway.Hosting;

/// <summary>What the program can be told to do.</summary>
internal static class Commands
{
    internal static Task<int> RunAsync(string[] args) => ServeAsync(args);

    private static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = GatewayHost.Build(args);
            await app.StartAsync();
            await Console.Out.WriteLineAsync($"Open {string.Join(" or ", app.Urls)}");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception exception) when (exception is StoreStartException or OptionsValidationException or PlatformNotSupportedException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
