namespace OrleansChat.Grains.MessageLog;

/// <summary>How times are kept: UTC, whole microseconds (what both stores hold exactly).</summary>
internal static class StoredTime
{
    internal static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    internal static long ToMicroseconds(DateTimeOffset time) =>
        (Truncate(time).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
