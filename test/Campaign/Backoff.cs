namespace OrleansChat.Campaign;

/// <summary>How long a client waits before it connects again: growing pauses, each of a random part of its full length.</summary>
/// <param name="First">The most before the first attempt.</param>
/// <param name="Most">The most before any attempt.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Most)
{
    /// <summary>As the web client does it: 1, 2, 4, 8, 16, 30 s.</summary>
    public static Backoff OfTheWebClient { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>In a tenth of its times, for runs with one kill after the other.</summary>
    public static Backoff Hasty { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    /// <summary>The pause after so many failures in a row.</summary>
    public TimeSpan Pause(int failures, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var most = First * (1 << Math.Min(failures, 10));
        return random.NextDouble() * (most < Most ? most : Most);
    }
}
