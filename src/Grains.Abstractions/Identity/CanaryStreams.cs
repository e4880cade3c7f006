using System.Globalization;

namespace OrleansChat.Identity;

/// <summary>
/// Streams on which silos sing and to which every gateway listens: a gateway that hears nothing there gets no events
/// either, however its calls may succeed (design §4.5). Several, so that every silo's part of the streams has one.
/// </summary>
public static class CanaryStreams
{
    /// <summary>Namespace of the streams.</summary>
    public const string Namespace = "canaries";

    /// <summary>How many there are.</summary>
    public const int Count = 16;

    /// <summary>How often a silo sings on each.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>One of the streams.</summary>
    /// <param name="number">Which; from 0 to below <see cref="Count"/>.</param>
    public static StreamId Of(int number) => StreamId.Create(Namespace, number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>One call of a canary.</summary>
[GenerateSerializer, Immutable, Alias("chat.Canary")]
public sealed record Canary
{
    /// <summary>Which stream it was sent on; below <see cref="CanaryStreams.Count"/>.</summary>
    [Id(0)]
    public required int Number { get; init; }
}
