using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer ticks and how its ticks share the activation with requests.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>A timer whose ticks neither interleave nor keep the activation in use.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time until the first tick; <see cref="Timeout.InfiniteTimeSpan"/> for a timer that waits to be changed.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run while requests wait in an await. Off by default.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use and so puts off idle collection. Off by default.</summary>
    public bool KeepAlive { get; init; }
}
