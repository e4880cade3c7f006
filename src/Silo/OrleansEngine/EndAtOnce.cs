using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OrleansChat.Silo;

/// <summary>
/// A silo that the others have declared dead ends in that instant: Orleans' own handler waits for two seconds, in which
/// activations that exist elsewhere by now would go on answering. The service manager starts a new one.
/// </summary>
internal sealed partial class EndAtOnce(ILogger<EndAtOnce> logger) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFatal(logger, sender, context, exception);
        Console.Error.WriteLine($"The silo ends at once: {context} {exception?.GetType().Name} {exception?.Message}".ReplaceLineEndings(" ").TrimEnd());
        // No handlers, no finalizers, nothing that could answer a call; unlike Environment.FailFast it writes no dump.
        Process.GetCurrentProcess().Kill();
    }

    [LoggerMessage(6101, LogLevel.Critical, "The silo ends now: {Sender}: {Context}")]
    private static partial void LogFatal(ILogger logger, object? sender, string? context, Exception? exception);
}
