using System.Diagnostics;

namespace OrleansChat.MessageLog.Tests;

/// <summary>The program <c>MessageLog.Writer</c> as a process of its own, and what it said.</summary>
internal sealed class WriterProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _acknowledgements = new(0);

    private WriterProcess(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal HashSet<Guid> Sent { get; } = [];

    internal HashSet<Guid> Acknowledged { get; } = [];

    internal static WriterProcess Start(string kind, string place)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "OrleansChat.MessageLog.Writer.dll");
        return new WriterProcess(Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && host.EndsWith("dotnet", StringComparison.Ordinal) ? host : "dotnet", [program, "write", kind, place])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Ends after so many further acknowledgements.</summary>
    internal async Task AcknowledgesAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _acknowledgements.WaitAsync(WaitMax))
            {
                throw new TimeoutException($"The writer acknowledged nothing for {WaitMax}: {(_process.HasExited ? await _errors : "it runs")}");
            }
        }
    }

    /// <summary>Ends it without a chance to finish anything (kill -9).</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <returns>How it ended by itself, and its last words.</returns>
    internal async Task<(int Code, string Errors)> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(WaitMax);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _acknowledgements.Dispose();
    }

    // The kill may cut the last line off; what is not a whole id was not said.
    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var what, var text] && Guid.TryParseExact(text, "D", out var id))
            {
                (what == "sent" ? Sent : Acknowledged).Add(id);
                if (what == "acked")
                {
                    _acknowledgements.Release();
                }
            }
        }
    }
}
