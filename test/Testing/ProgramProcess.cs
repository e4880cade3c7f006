using System.Diagnostics;
using System.Globalization;

namespace OrleansChat.Testing;

/// <summary>What to start, and how to see that it serves.</summary>
/// <param name="Project">The program's project, such as <c>Gateway</c>; it was built beside this test.</param>
/// <param name="Name">What messages and the log file call it.</param>
/// <param name="Folder">Working folder, and folder of the log.</param>
/// <param name="Settings">Settings such as <c>Store:Provider</c>; they reach the program as its environment.</param>
/// <param name="ReadyLine">How the line begins that it writes when it serves.</param>
public sealed record ProgramStart(string Project, string Name, string Folder, IReadOnlyDictionary<string, string> Settings, string ReadyLine)
{
    /// <summary>A program lies beside this test's, both under <c>artifacts/…/bin/&lt;project&gt;/&lt;configuration&gt;</c>.</summary>
    public string Program
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, Project, own.Name, "OrleansChat." + Project);
        }
    }

    /// <summary>Where what it writes to its standard output goes.</summary>
    public string Log => Path.Combine(Folder, Name + ".log");
}

/// <summary>
/// A program of ours as its users run it: a process of its own. It ends with <see cref="KillAsync"/>, by itself, with its
/// owner, or with the test process, however that ends its tests.
/// </summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndTimeMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _output;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<(string Words, TaskCompletionSource Written)> _awaited = [];

    private ProgramProcess(ProgramStart start, Process process)
    {
        (Start, _process) = (start, process);
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        Ended = process.WaitForExitAsync();
        _output = CopyAsync(new StreamWriter(start.Log, append: true) { AutoFlush = true });
        Errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>How it was started.</summary>
    public ProgramStart Start { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Ends when it has, for whatever reason.</summary>
    public Task Ended { get; }

    /// <summary>What it wrote to its standard error, when it has ended.</summary>
    public Task<string> Errors { get; }

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it without waiting for anything.</summary>
    public static ProgramProcess Launch(ProgramStart start)
    {
        var info = new ProcessStartInfo(start.Program) { WorkingDirectory = start.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Set(info, start.Settings);
        return new ProgramProcess(start, Process.Start(info)!);
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; with what it wrote to its standard error.</exception>
    public static async Task<ProgramProcess> StartAsync(ProgramStart start)
    {
        var server = Launch(start);
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Runs one of its commands to the end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(ProgramStart start, params IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(start.Program, arguments) { WorkingDirectory = start.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Set(info, start.Settings);
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; with what it wrote to its standard error.</exception>
    public async Task ReadyAsync()
    {
        if (await Task.WhenAny(_ready.Task, Ended).WaitAsync(StartTimeMax) == Ended)
        {
            throw new InvalidOperationException($"{Start.Name} ended with {ExitCode} at its start: {await Errors}");
        }
    }

    /// <summary>Waits until it writes a line with these words, from now on.</summary>
    public Task WritesAsync(string words)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited.Add((words, written));
        }

        return written.Task;
    }

    /// <summary>SIGKILL: no handler, no flush, no farewell.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    /// <summary>SIGTERM, as a service manager ends it; waits for the end.</summary>
    public async Task TerminateAsync()
    {
        await SignalAsync("TERM");
        await EndsAsync();
    }

    /// <summary>SIGSTOP: alive, and doing nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: as if nothing had been.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits until it has ended.</summary>
    public Task EndsAsync() => Ended.WaitAsync(EndTimeMax);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _output;
        _process.Dispose();
    }

    private static void Set(ProcessStartInfo info, IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            info.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private async Task CopyAsync(StreamWriter log)
    {
        await using var _ = log;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (line.StartsWith(Start.ReadyLine, StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }

            lock (_lock)
            {
                foreach (var (_, written) in _awaited.Where(awaited => line.Contains(awaited.Words, StringComparison.Ordinal)))
                {
                    written.TrySetResult();
                }

                _awaited.RemoveAll(awaited => awaited.Written.Task.IsCompleted);
            }
        }
    }
}
