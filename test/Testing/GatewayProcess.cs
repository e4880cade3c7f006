using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansChat.Testing;

/// <summary>
/// The gateway as its users run it: the built program as a process of its own, in Development, on a port and a store that
/// outlive it. It ends with <see cref="KillAsync"/>, with its owner, or with the test process, however that ends its tests.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process, StreamWriter log)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        _ = CopyAsync(process.StandardOutput, log);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it wrote to its standard error, when it has ended.</summary>
    public Task<string> Errors => _errors;

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The gateway's program lies beside this test's, both under <c>artifacts/…/bin/&lt;project&gt;/&lt;configuration&gt;</c>.</summary>
    private static string Program
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "Gateway", own.Name, "OrleansChat.Gateway");
        }
    }

    /// <summary>A port that nobody uses, and that nobody connects from: below the ephemeral ones.</summary>
    public static int FreePort()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }

        throw new InvalidOperationException("No free port among a hundred.");
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <param name="port">Where it shall listen.</param>
    /// <param name="folder">Its working folder; its log goes to <c>gateway.log</c> there, and its default store lies in <c>data</c>.</param>
    /// <param name="settings">Further settings, such as <c>Store:Provider</c>.</param>
    public static GatewayProcess Launch(int port, string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(Program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        start.Environment["KeysPath"] = Path.Combine(folder, "keys");
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var log = new StreamWriter(Path.Combine(folder, "gateway.log"), append: true) { AutoFlush = true };
        return new GatewayProcess(Process.Start(start)!, log);
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; with what it wrote to its standard error.</exception>
    public static async Task<GatewayProcess> StartAsync(int port, string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var gateway = Launch(port, folder, settings);
        var ended = gateway._process.WaitForExitAsync();
        if (await Task.WhenAny(gateway._open.Task, ended).WaitAsync(StartTimeMax) == ended)
        {
            throw new InvalidOperationException($"The gateway ended with {gateway.ExitCode} at its start: {await gateway.Errors}");
        }

        return gateway;
    }

    /// <summary>Runs one of its commands to the end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    /// <summary>SIGKILL: no handler, no flush, no farewell.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: as a service manager ends it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await EndsAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    public Task EndsAsync() => _process.WaitForExitAsync().WaitAsync(StartTimeMax);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void KillAtExit(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private async Task CopyAsync(StreamReader output, StreamWriter log)
    {
        await using var _ = log;
        while (await output.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (line.StartsWith("Open http", StringComparison.Ordinal))
            {
                _open.TrySetResult();
            }
        }
    }
}
