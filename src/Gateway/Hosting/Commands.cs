using System.CommandLine;
using Microsoft.Extensions.Options;
using OrleansChat.Grains.Import;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Gateway.Hosting;

/// <summary>What the program can be told to do. Settings (<c>--Store:Path …</c> or environment) may follow every command.</summary>
internal static class Commands
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Orleans.Chat: the gateway. Without a command it serves. Every setting can be given as --Section:Name value or as an environment variable Section__Name.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((result, _) => ServeAsync([.. result.UnmatchedTokens]));
        root.Subcommands.Add(ImportCommand.Create());
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // The host handles signals itself.
            });
        }
        catch (Exception exception) when (exception is StoreStartException or OptionsValidationException or ImportException
            or PlatformNotSupportedException or IOException or MessageLogUnavailableException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> ServeAsync(string[] settings)
    {
        await using var app = GatewayHost.Build(settings);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"Open {string.Join(" or ", app.Urls)}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
