using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace OrleansChat.Faults.Tests;

/// <summary>The real gateway as a process of its own, on a port and a store that outlive it. Ends with this one, however that ends.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
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
    internal Task<string> Errors => _errors;

    internal int ExitCode => _process.ExitCode;

    private static string Program { get; } = typeof(GatewayProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "GatewayProgram").Value!;

    /// <summary>A port that nobody uses, and that nobody connects from: below the ephemeral ones.</summary>
    internal static int FreePort()
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
    internal static GatewayProcess Launch(int port, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        start.Environment["KeysPath"] = Path.Combine(folder, "keys");
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var log = new StreamWriter(Path.Combine(folder, "gateway.log"), append: true) { AutoFlush = true };
        return new GatewayProcess(Process.Start(start)!, log);
    }

    /// <summary>Starts it and waits until it serves.</summary>
    internal static async Task<GatewayProcess> StartAsync(int port, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var gateway = Launch(port, folder, settings);
        var ended = gateway._process.WaitForExitAsync();
        if (await Task.WhenAny(gateway._open.Task, ended).WaitAsync(StartTimeMax) == ended)
        {
            throw new InvalidOperationException($"The gateway ended with {gateway.ExitCode} at its start: {await gateway.Errors}");
        }

        return gateway;
    }

    /// <summary>SIGKILL: no handler, no flush, no farewell.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    internal Task EndsAsync() => _process.WaitForExitAsync().WaitAsync(StartTimeMax);

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
