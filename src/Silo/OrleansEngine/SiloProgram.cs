using System.CommandLine;
using OrleansChat.Grains.Import;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>What the program can be told to do.</summary>
internal static class SiloProgram
{
    internal static Task<int> RunAsync(string[] args)
    {
        var (settings, words) = SettingArguments.Split(args);
        var root = new RootCommand("Orleans.Chat: a silo. Without a command it serves. Every setting can be given as --Section:Name value or as an environment variable Section__Name.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((result, _) => HostCommands.ServeAsync(
            configure => SiloHost.Build([.. settings, .. result.UnmatchedTokens], configure),
            app => $"Silo {SiloHost.NameOf(app)} is active"));
        root.Subcommands.Add(MigrateCommand.Create(settings));
        root.Subcommands.Add(ImportCommand.Create(settings, exclusive: false));
        return HostCommands.RunAsync(root, words);
    }
}
