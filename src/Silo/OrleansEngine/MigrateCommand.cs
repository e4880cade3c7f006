using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using OrleansChat.Grains.MessageLog.Postgres;
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

    private static async Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        var host = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var store = SiloHost.StoreOf(host.Configuration);
        var cluster = ClusterSettings.Read(host.Configuration);
        var applied = new List<string>();
        applied.AddRange(await PostgresSchema.MigrateAsync(store.ConnectionString, "Store:ConnectionString", PostgresSchemas.Chat, cancellationToken));
        applied.AddRange(await PostgresSchema.MigrateAsync(
            cluster.ConnectionString, ClusterSettings.ConnectionStringOption, PostgresSchemas.Cluster, cancellationToken));
        foreach (var script in applied)
        {
            await Console.Out.WriteLineAsync($"Applied {script}");
        }

        await Console.Out.WriteLineAsync(applied.Count == 0 ? "Nothing to apply." : $"Applied {applied.Count}.");
        return 0;
    }
}
