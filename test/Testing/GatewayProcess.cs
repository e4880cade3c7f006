using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OrleansChat.Testing;

/// <summary>
/// The gateway as its users run it: the built program as a process of its own, in Development, on a free loopback port.
/// It ends with <see cref="Kill"/>, with the test, or with the test process.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output;

    private GatewayProcess(Process process, StringBuilder output, Uri address)
    {
        _process = process;
        _output = output;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The hub's address.</summary>
    public Uri Hub => new($"ws://{Address.Authority}/hub");

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it says that it listens.</summary>
    /// <param name="port">Where it shall listen.</param>
    /// <param name="folder">Its working folder; the default store and keys lie in <c>data</c> below it.</param>
    /// <param name="settings">Further settings, such as <c>Store:Provider</c>.</param>
    /// <exception cref="InvalidOperationException">It ended instead; with what it printed.</exception>
    public static async Task<GatewayProcess> StartAsync(int port, string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = new Uri($"http://localhost:{port}");
        var start = new ProcessStartInfo(ProgramPath)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.ArgumentList.Add("--Urls");
        start.ArgumentList.Add(address.AbsoluteUri);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.ArgumentList.Add("--" + name);
            start.ArgumentList.Add(value);
        }

        var output = new StringBuilder();
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException("The gateway ended at its start."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var gateway = new GatewayProcess(process, output, address);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => gateway.Kill();
        try
        {
            await listens.Task.WaitAsync(StartTimeMax);
            return gateway;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await gateway.DisposeAsync();
            throw new InvalidOperationException($"The gateway does not listen. It printed:\n{gateway.Output}", exception);
        }

        void Take(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (output)
            {
                output.AppendLine(line);
            }

            if (line.StartsWith("Open http", StringComparison.Ordinal))
            {
                listens.TrySetResult();
            }
        }
    }

    /// <summary>Runs one of its commands to the end; the exit code.</summary>
    public static async Task<int> RunAsync(string folder, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(ProgramPath, arguments) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Ends it as a power cut would: <c>kill -9</c>.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Signs one of the demo people in; the value of the <c>Cookie</c> header.</summary>
    public async Task<string> SignInAsync(string userId)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
        using var body = new StringContent(JsonSerializer.Serialize(new { userId }), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/development/session", body);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The gateway's program lies beside this test's, both under <c>artifacts/…/bin/&lt;project&gt;/&lt;configuration&gt;</c>.</summary>
    private static string ProgramPath
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "Gateway", own.Name, "OrleansChat.Gateway");
        }
    }
}
