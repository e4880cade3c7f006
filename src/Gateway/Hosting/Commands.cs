using System.CommandLine;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Import;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Gateway.Hosting;

/// <summary>What the program can be told to do. Settings (<c>--Store:Path …</c> or environment) may follow every command.</summary>
internal static class Commands
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    internal static async Task<int> RunAsync(string[] args)
    {
        var (settings, words) = SettingArguments.Split(args);
        var root = new RootCommand("Orleans.Chat: the gateway. Without a command it serves. Every setting can be given as --Section:Name value or as an environment variable Section__Name.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((result, _) => ServeAsync([.. settings, .. result.UnmatchedTokens]));
        root.Subcommands.Add(ImportCommand.Create(settings));
        try
        {
            return await root.Parse(words).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // The host handles signals itself.
            });
        }
        catch (Exception exception) when (exception is StoreStartException or OptionsValidationException or ImportException
            or PlatformNotSupportedException or IOException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> ServeAsync(string[] settings)
    {
        var started = false;
        // Why a start is refused is said in one line below, not also as the host's own error with its stack.
        await using var app = GatewayHost.Build(settings, builder => builder.Logging.AddFilter(HostCategory, level => started && level >= LogLevel.Information));
        await app.StartAsync();
        started = true;
        await Console.Out.WriteLineAsync($"Open {string.Join(" or ", app.Urls)}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
