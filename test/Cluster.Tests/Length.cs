using System.Globalization;

namespace OrleansChat.Cluster.Tests;

/// <summary>How long a run lasts: <c>CHAT_CAMPAIGN=full</c> in the environment makes it as long as the promises are about.</summary>
internal static class Length
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("CHAT_CAMPAIGN") == "full";

    internal static bool IsFull => Full;

    internal static T Of<T>(T ordinary, T full) => Full ? full : ordinary;

    internal static TimeSpan OfSeconds(double ordinary, double full) => TimeSpan.FromSeconds(Of(ordinary, full));
}

internal static class Seed
{
    /// <summary>From the environment (<c>CHAT_SEED</c>) to repeat a run's schedule; its real timing is not repeatable.</summary>
    internal static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable("CHAT_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
}
