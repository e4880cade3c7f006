namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing it ends the ticks; one that runs gets its token cancelled.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the time until the next tick and the period after it.</summary>
    /// <param name="dueTime">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="period">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/> for once.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
