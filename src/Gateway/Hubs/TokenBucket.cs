namespace OrleansChat.Gateway.Hubs;

/// <summary>
/// A rate with bursts. Holds three numbers: the framework's limiter, one per person and kind, would hold a queue and a
/// timer each, and does not take our clock.
/// </summary>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>True when as many tokens are there as there can be.</summary>
    internal bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return _tokens >= _burst;
            }
        }
    }

    /// <summary>Null when a token was taken; otherwise when there will be one.</summary>
    internal TimeSpan? TryTake()
    {
        lock (_lock)
        {
            Fill();
            if (_tokens >= 1)
            {
                _tokens--;
                return null;
            }

            return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
