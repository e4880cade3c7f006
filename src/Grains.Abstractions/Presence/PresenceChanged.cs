using OrleansChat.Inbox;

namespace OrleansChat.Presence;

/// <summary>Others see a person differently now. Goes to the sessions that watch the person; who missed it reads it within 60 s.</summary>
[GenerateSerializer, Immutable, Alias("chat.PresenceChanged")]
public sealed record PresenceChanged : TenantSignal
{
    /// <summary>Who, and what others see.</summary>
    [Id(0)]
    public required PersonPresence Presence { get; init; }
}
