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
        var chat = await PostgresSchema.MigrateAsync(store.ConnectionString, "Store:ConnectionString", PostgresSchemas.Chat, cancellationToken);
        Print(chat);
        var orleans = await PostgresSchema.MigrateAsync(
            cluster.ConnectionString, ClusterSettings.ConnectionStringOption, PostgresSchemas.Cluster, cancellationToken);
        Print(orleans);
        await Console.Out.WriteLineAsync(chat.Count + orleans.Count == 0 ? "Nothing to apply." : $"Applied {chat.Count + orleans.Count}.");
        return 0;
    }

    private static void Print(IReadOnlyList<string> applied)
    {
        foreach (var script in applied)
        {
            Console.Out.WriteLine($"Applied {script}");
        }
    }
}
