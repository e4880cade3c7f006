using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansChat.Hosting;

/// <summary>Runs a program's command line: refusals are one line on the standard error and exit code 1.</summary>
public static class HostCommands
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Does what the words say.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="words">The command line without its settings.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] words)
    {
        ArgumentNullException.ThrowIfNull(root);
        try
        {
            return await root.Parse(words).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // The host handles signals itself.
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StartException or OptionsValidationException or PlatformNotSupportedException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(static inner => inner is OptionsValidationException))
        {
            // More than one section is out of its bounds.
            await Console.Error.WriteLineAsync(string.Join(' ', exception.InnerExceptions.Select(static inner => inner.Message))).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="build">Builds the host; what it is given must have its turn with the builder.</param>
    /// <param name="open">What to say when it serves.</param>
    public static async Task<int> ServeAsync(Func<Action<WebApplicationBuilder>, WebApplication> build, Func<WebApplication, string> open)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(open);
        var started = false;
        // Why a start is refused is said in one line by RunAsync, not also as the host's own error with its stack.
        var app = build(builder => builder.Logging.AddFilter(HostCategory, level => started && level >= LogLevel.Information));
        await using var _ = app.ConfigureAwait(false);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it had started; nothing else cancels a start.
            await Console.Error.WriteLineAsync("Ended before it had started.").ConfigureAwait(false);
            return 0;
        }

        started = true;
        await Console.Out.WriteLineAsync(open(app)).ConfigureAwait(false);
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        return 0;
    }
}
