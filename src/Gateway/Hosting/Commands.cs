using System.CommandLine;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Hosting;

/// <summary>What the program can be told to do. Settings (<c>--Store:Path …</c> or environment) may follow every command.</summary>
internal static class Commands
{
    internal static Task<int> RunAsync(string[] args)
    {
        var (settings, words) = SettingArguments.Split(args);
        var root = new RootCommand("Orleans.Chat: the gateway. Without a command it serves. Every setting can be given as --Section:Name value or as an environment variable Section__Name.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((result, _) => ServeAsync([.. settings, .. result.UnmatchedTokens]));
        ChatEngine.AddCommands(root, settings);
        return HostCommands.RunAsync(root, words);
    }

    private static Task<int> ServeAsync(string[] settings) => HostCommands.ServeAsync(
        configure => GatewayHost.Build(settings, configure),
        app => $"Open {string.Join(" or ", app.Urls)}");
}
