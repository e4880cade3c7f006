namespace Orleans.Embedded.Streams;

/// <summary>The bounds of the in-memory streams, by the name of the provider.</summary>
public sealed class MemoryStreamOptions
{
    /// <summary>Events that may wait for one subscriber; the next one pushes out the oldest. 4096 by default: a few seconds of a busy stream.</summary>
    public int SubscriberQueueMax { get; set; } = 4096;
}
