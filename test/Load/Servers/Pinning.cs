using System.Diagnostics;
using System.Globalization;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>With <c>--pin</c>: the server and its database share the first core, the load has the second to itself.</summary>
internal static class Pinning
{
    internal const int ServerCore = 0;
    internal const int LoadCore = 1;

    internal static async Task PinLoadAsync() => await PinAsync(Environment.ProcessId, LoadCore);

    internal static async Task PinServerAsync(ProcessTree server)
    {
        foreach (var pid in server.Members())
        {
            await PinAsync(pid, ServerCore);
        }
    }

    private static async Task PinAsync(int pid, int core)
    {
        var start = new ProcessStartInfo("taskset", ["-a", "-c", "-p", core.ToString(CultureInfo.InvariantCulture), pid.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var taskset = Process.Start(start) ?? throw new LoadException("--pin needs taskset.");
        var error = await taskset.StandardError.ReadToEndAsync();
        await taskset.WaitForExitAsync();
        if (taskset.ExitCode != 0 && Directory.Exists($"/proc/{pid}"))
        {
            throw new LoadException($"taskset could not pin process {pid}: {error.Trim()}");
        }
    }
}
