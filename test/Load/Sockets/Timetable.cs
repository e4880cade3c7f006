using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansChat.Load.Sockets;

/// <summary>
/// When each arrival is due, fixed before the run. A server that stalls does not slow the arrivals down, and latency counts
/// from the due time: what waits because of the stall is measured as having waited.
/// </summary>
internal sealed class Timetable(long start, double perSecond)
{
    private readonly double _interval = Stopwatch.Frequency / perSecond;

    internal long DueAt(long arrival) => start + (long)(arrival * _interval);

    /// <summary>How many arrivals are due within a time from the start.</summary>
    internal long ArrivalsWithin(TimeSpan time) => (long)(time.TotalSeconds * perSecond);

    /// <summary>Sleeps until shortly before a time; far more precise than <see cref="Thread.Sleep(int)"/>, and does not spin.</summary>
    internal static void SleepUntil(long timestamp)
    {
        const int nanosecondsPerSecond = 1_000_000_000;
        var left = timestamp - Stopwatch.GetTimestamp();
        if (left <= 0)
        {
            return;
        }

        var (seconds, rest) = Math.DivRem(left, Stopwatch.Frequency);
        var request = new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)(rest * nanosecondsPerSecond / Stopwatch.Frequency) };
        _ = NanoSleep(request, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
