using System.Globalization;
using System.Net;
using OrleansChat.Testing;

namespace OrleansChat.Load.Servers;

/// <summary>The silos and gateways that run on this machine, all of them counted together; sessions go to the gateways in turns.</summary>
internal sealed class ClusterProcesses : IServer
{
    private static readonly string[] Programs = ["OrleansChat.Silo", "OrleansChat.Gateway"];

    private readonly IPEndPoint[] _gateways;
    private readonly ProcessTree[] _processes;

    internal ClusterProcesses(ClusterTarget target)
    {
        _gateways = [.. target.Gateways.Select(gateway => gateway.IsLoopback
            ? new IPEndPoint(IPAddress.Loopback, gateway.Port)
            : throw new LoadException($"--gateways names {gateway}; load goes to this machine only."))];
        _processes = [.. Find().Select(pid => new ProcessTree(pid))];
        if (_processes.Length == 0)
        {
            throw new LoadException("No silo and no gateway runs on this machine.");
        }
    }

    public bool HasEnded => Array.Exists(_processes, process => !Directory.Exists($"/proc/{process.Root}"));

    public string LastWords => "See the logs of the cluster.";

    public IPEndPoint AddressOf(int session) => _gateways[session % _gateways.Length];

    public double CpuSeconds() => _processes.Sum(process => process.OwnCpuSeconds());

    public long ResidentBytes() => _processes.Sum(process => process.Memory().Resident);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // It was there before, and stays.

    private static IEnumerable<int> Find()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && IsOurs(folder))
            {
                yield return pid;
            }
        }
    }

    /// <summary>Started as a program of its own, or as an assembly by <c>dotnet</c>.</summary>
    private static bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Take(2)
                .Any(word => Programs.Contains(Path.GetFileName(word.EndsWith(".dll", StringComparison.Ordinal) ? word[..^4] : word)));
        }
        catch (IOException)
        {
            return false; // It has ended meanwhile.
        }
    }
}
