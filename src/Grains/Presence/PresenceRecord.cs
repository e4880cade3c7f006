using OrleansChat.Presence;

namespace OrleansChat.Grains.Presence;

/// <summary>What is stored of a person's presence; the names and numbers of its members are those of what is stored already.</summary>
[GenerateSerializer, Immutable, Alias("chat.PresenceRecord")]
internal sealed record PresenceRecord
{
    /// <summary>What the person chose to show.</summary>
    [Id(0)]
    public ManualStatus Status { get; init; } = ManualStatus.Auto;

    /// <summary>When do-not-disturb ends by itself.</summary>
    [Id(1)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether others see that the person types (rule T7).</summary>
    [Id(2)]
    public bool ShowTyping { get; init; } = true;

    /// <summary>The last input that was stored; memory may know of a later one.</summary>
    [Id(3)]
    public DateTimeOffset? LastSeen { get; init; }
}
