using System.Numerics;

namespace OrleansChat.Load.Measuring;

/// <summary>
/// Counts latencies in microseconds, in buckets that are at most 1/128 of their value wide: a percentile is off by less
/// than 1 %, from 1 µs to hours, in 30 KiB. Many threads may record at once.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int LinearBits = 8;
    private const int HalfBuckets = 1 << (LinearBits - 1);
    private const long MicrosecondsMax = (1L << 34) - 1;

    private readonly long[] _counts = new long[IndexOf(MicrosecondsMax) + 1];
    private long _count;
    private long _max;

    internal long Count => Volatile.Read(ref _count);

    internal TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref _max));

    /// <summary>Counts one latency; a negative one counts as 0.</summary>
    internal void Record(TimeSpan latency)
    {
        var microseconds = Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, MicrosecondsMax);
        Interlocked.Increment(ref _counts[IndexOf(microseconds)]);
        Interlocked.Increment(ref _count);
        var max = Volatile.Read(ref _max);
        while (microseconds > max)
        {
            max = Interlocked.CompareExchange(ref _max, microseconds, max);
        }
    }

    /// <summary>The latency that <paramref name="percent"/> of all are not above (the upper end of its bucket); 0 when there is none.</summary>
    internal TimeSpan Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Count * percent / 100);
        var seen = 0L;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank && seen > 0)
            {
                return TimeSpan.FromMicroseconds(Math.Min(UpperEnd(index), _max));
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>Compares percentiles with those of the sorted values themselves.</summary>
    /// <returns>Null when all are right; otherwise the first that is not.</returns>
    internal static string? CheckItself()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var values = new long[20_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (long)Math.Pow(10, random.NextDouble() * 7);
            histogram.Record(TimeSpan.FromMicroseconds(values[i]));
        }

        Array.Sort(values);
        foreach (var percent in new[] { 0.1, 10, 50, 90, 99, 99.9, 100 })
        {
            var exact = values[(int)Math.Ceiling(values.Length * percent / 100) - 1];
            var found = histogram.Percentile(percent).TotalMicroseconds;
            if (found < exact || found > (exact * (1 + (1.0 / HalfBuckets))) + 1)
            {
                return $"The histogram's p{percent} is {found} µs, the exact one {exact} µs.";
            }
        }

        return null;
    }

    private static int IndexOf(long value)
    {
        if (value < 1 << LinearBits)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - LinearBits + 1;
        return (shift * HalfBuckets) + (int)(value >> shift);
    }

    private static long UpperEnd(int index)
    {
        if (index < 1 << LinearBits)
        {
            return index;
        }

        var shift = (index / HalfBuckets) - 1;
        return ((long)(index - (shift * HalfBuckets) + 1) << shift) - 1;
    }
}
