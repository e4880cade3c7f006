using System.Globalization;

namespace OrleansChat.Testing;

/// <summary>The gateway with the embedded engine, in Development, on a port and a store that outlive it.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly ProgramProcess _process;

    private GatewayProcess(ProgramProcess process) => _process = process;

    /// <summary>What it wrote to its standard error, when it has ended.</summary>
    public Task<string> Errors => _process.Errors;

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <inheritdoc cref="FreePorts.Next" />
    public static int FreePort() => FreePorts.Next();

    /// <summary>Starts it without waiting for anything.</summary>
    /// <param name="port">Where it shall listen.</param>
    /// <param name="folder">Its working folder; its log goes to <c>gateway.log</c> there, and its default store lies in <c>data</c>.</param>
    /// <param name="settings">Further settings, such as <c>Store:Provider</c>.</param>
    public static GatewayProcess Launch(int port, string folder, IReadOnlyDictionary<string, string>? settings = null) =>
        new(ProgramProcess.Launch(Start(folder, new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"),
            ["KeysPath"] = Path.Combine(folder, "keys"),
        })));

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; with what it wrote to its standard error.</exception>
    public static async Task<GatewayProcess> StartAsync(int port, string folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var gateway = Launch(port, folder, settings);
        await gateway._process.ReadyAsync();
        return gateway;
    }

    /// <summary>Runs one of its commands to the end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params IReadOnlyList<string> arguments) =>
        ProgramProcess.RunAsync(Start(folder, new Dictionary<string, string>()), arguments);

    /// <inheritdoc cref="ProgramProcess.KillAsync" />
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc cref="ProgramProcess.TerminateAsync" />
    public Task TerminateAsync() => _process.TerminateAsync();

    /// <inheritdoc cref="ProgramProcess.EndsAsync" />
    public Task EndsAsync() => _process.EndsAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ProgramStart Start(string folder, IReadOnlyDictionary<string, string> settings) => new("Gateway", "gateway", folder, settings, "Open http");
}
