using System.Collections.Immutable;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Presence;

/// <summary>Everything that decides what others see of a person.</summary>
internal sealed record PresenceFacts
{
    /// <summary>For each gateway with live sessions of the person, until when that holds.</summary>
    internal ImmutableArray<DateTimeOffset> Leases { get; init; } = [];

    /// <summary>Until when the person is still taken for connected after the last session ended; null while there is one.</summary>
    internal DateTimeOffset? GraceUntil { get; init; }

    /// <summary>From when on every gateway has told: what nobody has told before may still come.</summary>
    internal required DateTimeOffset KnownFrom { get; init; }

    /// <summary>The last input on any device.</summary>
    internal DateTimeOffset? LastInput { get; init; }

    /// <summary>What the person chose.</summary>
    internal ManualStatus Status { get; init; } = ManualStatus.Auto;

    /// <summary>When do-not-disturb ends by itself.</summary>
    internal DateTimeOffset? Until { get; init; }
}

/// <summary>What others see, and when time alone may change it; null for never.</summary>
internal readonly record struct PresenceVerdict(PresenceState State, DateTimeOffset? NextAt);

/// <summary>
/// What others see of a person (rules P1, P2, P4): who is not connected is offline whatever they chose, a choice wins over
/// what is so, input on any device counts for all of them.
/// </summary>
internal static class PresenceRules
{
    /// <summary>
    /// After the last socket closed: time for a reconnect (0–1, 2, 4, 8 s and a little), and short enough that everybody sees
    /// the person offline within 30 s.
    /// </summary>
    internal static readonly TimeSpan OfflineGrace = TimeSpan.FromSeconds(25);

    internal static PresenceVerdict Of(PresenceFacts facts, DateTimeOffset now) => new(StateOf(facts, now), NextAt(facts, now));

    internal static bool IsConnected(PresenceFacts facts, DateTimeOffset now) => facts.GraceUntil > now || facts.Leases.Any(until => until > now);

    /// <summary>The choice, as long as it has not ended by itself.</summary>
    internal static ManualStatus StatusOf(ManualStatus status, DateTimeOffset? until, DateTimeOffset now) =>
        status == ManualStatus.Dnd && until <= now ? ManualStatus.Auto : status;

    /// <summary>What others may see of the last input (rule P8): to the minute for an hour, to the hour for a day, then to the day.</summary>
    internal static DateTimeOffset? LastSeen(PresenceFacts facts, PresenceState state, DateTimeOffset now)
    {
        if (state is not (PresenceState.Away or PresenceState.Offline) || facts.Status == ManualStatus.Offline || facts.LastInput is not { } input)
        {
            return null;
        }

        var step = (now - input) switch
        {
            var age when age < TimeSpan.FromHours(1) => TimeSpan.FromMinutes(1),
            var age when age < TimeSpan.FromDays(1) => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        };
        return new DateTimeOffset(input.UtcTicks - (input.UtcTicks % step.Ticks), TimeSpan.Zero);
    }

    private static PresenceState StateOf(PresenceFacts facts, DateTimeOffset now)
    {
        if (!IsConnected(facts, now))
        {
            return now < facts.KnownFrom ? PresenceState.Unknown : PresenceState.Offline;
        }

        return StatusOf(facts.Status, facts.Until, now) switch
        {
            ManualStatus.Offline => now < facts.KnownFrom ? PresenceState.Unknown : PresenceState.Offline, // Looks in every moment like somebody who is not there.
            ManualStatus.Dnd => PresenceState.Dnd,
            ManualStatus.Away => PresenceState.Away,
            ManualStatus.Auto when facts.LastInput > now - IPresenceGrain.AwayAfter => PresenceState.Online,
            ManualStatus.Auto => now < facts.KnownFrom ? PresenceState.Unknown : PresenceState.Away,
        };
    }

    private static DateTimeOffset? NextAt(PresenceFacts facts, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var at in facts.Leases.Select(until => (DateTimeOffset?)until)
            .Concat([facts.GraceUntil, facts.KnownFrom, facts.LastInput + IPresenceGrain.AwayAfter, facts.Status == ManualStatus.Dnd ? facts.Until : null]))
        {
            if (at > now && (next is null || at < next))
            {
                next = at;
            }
        }

        return next;
    }
}
