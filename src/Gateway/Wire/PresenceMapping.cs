using OrleansChat.Presence;

namespace OrleansChat.Gateway.Wire;

/// <summary>Presence to wire types and back. The names of enum values on the wire are literals here.</summary>
internal static class PresenceMapping
{
    internal static WirePersonPresence[] ToWire(this IReadOnlyList<PersonPresence> presence) => [.. presence.Select(ToWire)];

    internal static WireMe ToWire(this OwnPresence own) => new()
    {
        Status = own.Status switch
        {
            ManualStatus.Auto => "auto",
            ManualStatus.Away => "away",
            ManualStatus.Dnd => "dnd",
            ManualStatus.Offline => "offline",
        },
        Until = own.Until,
        ShowTyping = own.ShowTyping,
    };

    /// <summary>The status of this name; null for a name that is none.</summary>
    internal static ManualStatus? StatusOf(string? name) => name switch
    {
        "auto" => ManualStatus.Auto,
        "away" => ManualStatus.Away,
        "dnd" => ManualStatus.Dnd,
        "offline" => ManualStatus.Offline,
        _ => null,
    };

    private static WirePersonPresence ToWire(PersonPresence presence) => new()
    {
        UserId = presence.UserId.Value,
        State = presence.State switch
        {
            PresenceState.Online => "online",
            PresenceState.Away => "away",
            PresenceState.Dnd => "dnd",
            PresenceState.Offline => "offline",
            PresenceState.Unknown => "unknown",
        },
        AsOf = presence.AsOf,
        LastSeen = presence.LastSeen,
        Until = presence.Until,
    };
}
