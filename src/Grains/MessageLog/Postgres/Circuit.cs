using System.Diagnostics;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>
/// After five failures in a row nothing is asked of the server but one probe every 500 ms, so that callers are refused at
/// once instead of each waiting for a timeout. The first success closes it.
/// </summary>
internal sealed class Circuit
{
    private const int FailuresMax = 5;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private int _failures;
    private long _probedAt;

    /// <summary>False when the server is to be left alone now; true at most once per interval while it fails.</summary>
    internal bool MayTry()
    {
        lock (_gate)
        {
            if (_failures < FailuresMax)
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(_probedAt) < ProbeInterval)
            {
                return false;
            }

            _probedAt = Stopwatch.GetTimestamp();
            return true;
        }
    }

    internal void OnSuccess()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }

    internal void OnFailure()
    {
        lock (_gate)
        {
            _failures++;
            _probedAt = Stopwatch.GetTimestamp();
        }
    }
}
