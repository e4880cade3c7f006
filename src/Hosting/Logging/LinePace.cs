namespace OrleansChat.Hosting;

/// <summary>
/// Lets one log line a second pass for something that may fail thousands of times a second while a server is down, and
/// counts the rest (F18: no flood of the log).
/// </summary>
public sealed class LinePace(TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _saidAt;
    private int _unsaid;

    /// <summary>Whether this one may be written.</summary>
    /// <param name="unsaid">How many were not since the last one that was.</param>
    public bool TryTake(out int unsaid)
    {
        lock (_lock)
        {
            if (_saidAt is { } saidAt && time.GetElapsedTime(saidAt) < Pace)
            {
                unsaid = ++_unsaid;
                return false;
            }

            _saidAt = time.GetTimestamp();
            (unsaid, _unsaid) = (_unsaid, 0);
            return true;
        }
    }
}
