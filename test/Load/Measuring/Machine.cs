using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OrleansChat.Load.Measuring;

/// <summary>What a figure was measured on; without it no figure means anything.</summary>
internal static class Machine
{
    internal static JsonObject Describe() => new()
    {
        ["cores"] = Environment.ProcessorCount,
        ["memoryGiB"] = Math.Round(MemoryBytes() / (double)(1 << 30), 1),
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString(),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["loadAverage"] = LoadAverage(),
    };

    /// <summary>How many processes wanted a core in the last minute, before the run: far from 0, others were at work.</summary>
    private static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static long MemoryBytes() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
