using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Grains.Search;

/// <summary>
/// A message's number in the index: the millisecond of its time, and its place among those of the same one. Numbers rise with time, so the
/// index's own order is the order of results, a bound in time is a bound of numbers, and a page continues below a number.
/// </summary>
internal static class DocumentNumber
{
    /// <summary>A million messages in one millisecond; an import that gives many lines one time stays below.</summary>
    private const int PlaceBits = 20;

    /// <summary>The year 2109; what claims to be later is as late.</summary>
    private const long MillisecondsMax = 1L << 42;

    /// <summary>The lowest number of this time; numbers below it are earlier.</summary>
    internal static long First(DateTimeOffset time) =>
        Math.Clamp((StoredTime.ToMicroseconds(time) / 1_000), 0, MillisecondsMax) << PlaceBits;

    /// <summary>The highest number of the millisecond that begins with this one.</summary>
    internal static long Last(long first) => first | ((1L << PlaceBits) - 1);
}
