using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using OrleansChat.Grains.Hosting;

namespace OrleansChat.Grains.MessageLog.Copying;

/// <summary><c>copy-store</c>: from the file of a single machine to PostgreSQL.</summary>
public static class CopyStoreCommand
{
    /// <param name="settings">Those of the command line: they name the database to copy into.</param>
    public static Command Create(string[] settings)
    {
        var from = new Option<string>("--from") { Required = true, Description = "The SQLite file. No server may run on it; it is not changed, except that its schema is brought up to the program's." };
        var command = new Command(
            "copy-store",
            "Copies everything of a SQLite file into the configured PostgreSQL database (--Store:Provider Postgres --Store:ConnectionString …), which must be empty. All of it or nothing.")
        {
            from,
        };
        command.TreatUnmatchedTokensAsErrors = true;
        command.SetAction((result, cancellationToken) => RunAsync(Path.GetFullPath(result.GetRequiredValue(from)), settings, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string from, string[] settings, CancellationToken cancellationToken)
    {
        var host = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var target = StoreConfiguration.Read(host.Configuration, exclusive: false) as PostgresStoreOptions
            ?? throw new StoreStartException("Store:Provider is 'Sqlite'; copy-store copies into Postgres.");
        var copied = await StoreCopy.RunAsync(from, target, "Store:ConnectionString", cancellationToken);
        foreach (var (table, rows) in copied)
        {
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{table,-14} {rows,12:N0} rows"));
        }

        await Console.Out.WriteLineAsync($"Copied into {target.Describe()}.");
        return 0;
    }
}
