using System.Diagnostics;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>How long something takes. Whatever else the machine does only adds to it: of several tries the shortest counts.</summary>
internal static class Cost
{
    private const int TriesMin = 5;

    /// <summary>So long it is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>One try.</summary>
    internal static TimeSpan Of(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Some try takes less than the bound.</summary>
    internal static void ShouldBeLessThan(TimeSpan bound, Action action)
    {
        var least = TimeSpan.MaxValue;
        var spent = TimeSpan.Zero;
        for (var tries = 0; least >= bound && (tries < TriesMin || spent < Patience); tries++)
        {
            var cost = Of(action);
            spent += cost;
            least = cost < least ? cost : least;
        }

        least.ShouldBeLessThan(bound);
    }
}
