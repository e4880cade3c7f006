using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>A server under test in a process of its own, so that its CPU and memory are its own.</summary>
internal sealed class ServerProcess : IServer
{
    /// <summary>The line with which a server says that it listens.</summary>
    private const string ListeningPrefix = "Open http://127.0.0.1:";
    private const int ErrorLinesMax = 20;
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Queue<string> _said = new();

    private ServerProcess(Process process)
    {
        _process = process;
        Tree = new ProcessTree(process.Id);
    }

    internal ProcessTree Tree { get; }

    internal IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>True when it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    public IPEndPoint AddressOf(int session) => Address;

    public double CpuSeconds() => Tree.CpuSeconds();

    public long ResidentBytes() => Tree.Memory().Resident;

    /// <summary>Starts a .NET program and waits until it listens.</summary>
    /// <param name="assembly">Its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Its configuration, as environment.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="core">The core it is kept on; null leaves it alone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<ServerProcess> StartAsync(
        string assembly,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> settings,
        string folder,
        int? core,
        CancellationToken cancellationToken)
    {
        List<string> command = [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", assembly, .. arguments];
        if (core is { } number)
        {
            command.InsertRange(0, ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture)]);
        }

        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new ServerProcess(Process.Start(start) ?? throw new LoadException($"{command[0]} could not be started."));
        try
        {
            await server.WaitUntilListeningAsync().WaitAsync(StartTimeMax, cancellationToken);
            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            throw exception is TimeoutException ? new LoadException($"The server did not listen within {StartTimeMax.TotalSeconds} s. {server.LastWords}") : exception;
        }
    }

    /// <summary>The last lines it wrote, for a report of a failure.</summary>
    public string LastWords
    {
        get
        {
            lock (_said)
            {
                return string.Join(" | ", _said);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await stop.WaitForExitAsync();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(StopTimeMax);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
    }

    private async Task WaitUntilListeningAsync()
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => listening.TrySetException(new LoadException($"The server ended before it listened. {LastWords}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await listening.Task;

        void Hear(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_said)
            {
                _said.Enqueue(line);
                if (_said.Count > ErrorLinesMax)
                {
                    _said.Dequeue();
                }
            }

            if (line.StartsWith(ListeningPrefix, StringComparison.Ordinal))
            {
                Address = new IPEndPoint(IPAddress.Loopback, int.Parse(line.AsSpan(ListeningPrefix.Length).TrimEnd('/'), CultureInfo.InvariantCulture));
                listening.TrySetResult();
            }
        }
    }
}
