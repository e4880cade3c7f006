namespace OrleansChat.Gateway.Hubs;

/// <summary>
/// A rate with bursts. Holds three numbers: the framework's limiter, one per person and kind, would hold a queue and a
/// lock each, and does not take our clock.
/// </summary>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Null when a token was taken; otherwise when there will be one.</summary>
    internal TimeSpan? TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return null;
            }

            return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        }
    }
}
