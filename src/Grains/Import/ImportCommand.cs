using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansChat.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using Spectre.Console;

namespace OrleansChat.Grains.Import;

/// <summary><c>import</c>: support chats from files into a group, straight into the store.</summary>
public static class ImportCommand
{
    private const int MalformedShown = 20;

    /// <param name="settings">Those of the command line; with them the command means the store that the server would use.</param>
    /// <param name="exclusive">Whether the command must be the only process on the store; if so, the server must not run.</param>
    public static Command Create(string[] settings, bool exclusive)
    {
        var tenant = new Option<string>("--tenant") { Required = true, Description = "The tenant to import into." };
        var group = new Option<string>("--group") { Required = true, Description = "The group's name; the same name is the same group in every import." };
        var member = new Option<string[]>("--member") { Description = "A person of the tenant who shall be a member besides the authors. Repeatable.", DefaultValueFactory = _ => [] };
        var files = new Argument<string[]>("FILES") { Arity = ArgumentArity.OneOrMore, Description = "Logs named yyyy-MM-dd…, in the order to import them." };
        var command = new Command(
            "import",
            "Imports support chats ('[hh:mm] <nick> text' lines) into a group, in order and with their times. Importing again stores only what is missing." + (exclusive ? " The server must not run." : string.Empty))
        {
            tenant, group, member, files,
        };
        command.TreatUnmatchedTokensAsErrors = true;
        command.SetAction((result, cancellationToken) => RunAsync(
            new ImportOrder
            {
                TenantId = TenantId.TryParse(result.GetRequiredValue(tenant), out var tenantId)
                    ? tenantId
                    : throw new ImportException($"--tenant: a tenant id has 1 to {TenantId.CharsMax} characters and no control characters."),
                Group = result.GetRequiredValue(group),
                Members = [.. result.GetRequiredValue(member).Select(text => UserId.TryParse(text, out var user)
                    ? user
                    : throw new ImportException($"--member: a user id has 1 to {UserId.CharsMax} characters and no control characters."))],
                Files = result.GetRequiredValue(files),
            },
            settings,
            exclusive,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ImportOrder order, string[] settings, bool exclusive, CancellationToken cancellationToken)
    {
        // The server's own way to its configuration, user secrets and all.
        var host = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var options = StoreConfiguration.Read(host.Configuration, exclusive);
        await using var store = await ChatStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        if (host.Environment.IsDevelopment() && order.TenantId == DemoTenant.Id)
        {
            // Before the server's first start nobody would be there to name as a member.
            await store.Directory.AddPeopleAsync(DemoTenant.Id, DemoTenant.People, cancellationToken);
        }

        var began = TimeProvider.System.GetTimestamp();
        ImportReport? report = null;
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("Importing", maxValue: 1);
                var progress = new SynchronousProgress(state =>
                {
                    task.MaxValue = state.All;
                    task.Value = state.Done;
                });
                report = await ImportAsync(store, order, progress, cancellationToken);
            });
        Print(report!, TimeProvider.System.GetElapsedTime(began), options);
        return 0;
    }

    private static async Task<ImportReport> ImportAsync(
        ChatStore store, ImportOrder order, SynchronousProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await new SupportChatImport(store, TimeProvider.System).RunAsync(order, progress, cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            throw new ImportException(exception.Message, exception);
        }
    }

    private static void Print(ImportReport report, TimeSpan elapsed, StoreOptions store)
    {
        var said = report.Messages + report.Actions;
        Write($"{report.Messages:N0} messages and {report.Actions:N0} actions by {report.Authors:N0} authors, {report.Mentions:N0} of them to another author by name; {report.Stored:N0} stored now, {said - report.Stored:N0} were there.");
        Write($"Counted, not imported: {report.Joins:N0} joins, {report.Leaves:N0} leaves, {report.Notices:N0} other notices.");
        Write($"Malformed lines: {report.Malformed.Count:N0}.");
        foreach (var malformed in report.Malformed.Take(MalformedShown))
        {
            Write($"  {malformed}");
        }

        Write($"{elapsed.TotalSeconds:N1} s, {said / elapsed.TotalSeconds:N0} lines/s, into {report.ConversationId}.");
        Write($"Store: {store.Describe()}.");

        static void Write(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class SynchronousProgress(Action<(int Done, int All)> report) : IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value) => report(value);
    }
}
