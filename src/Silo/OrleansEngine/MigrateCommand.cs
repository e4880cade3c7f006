using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary><c>migrate</c>: creates or upgrades the chat's tables and Orleans'.</summary>
internal static class MigrateCommand
{
    internal static Command Create(string[] settings)
    {
        var command = new Command(
            "migrate",
            "Creates or upgrades the tables of the chat and of the cluster, then ends. Needs a role that may create tables; serving does not. Safe to repeat and to run from several machines at once.");
        command.SetAction((_, cancellationToken) => RunAsync(settings, cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        var host = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var cluster = ClusterSettings.Read(host.Configuration);
        throw new NotImplementedException();
    }
}
