using Orleans.Concurrency;
using OrleansChat.Identity;

namespace OrleansChat.Presence;

/// <summary>
/// One person's presence (key: <see cref="PresenceKey"/>): which gateways have live sessions of the person, when the person
/// last touched a device, what the person chose to show. Gateways tell it; whoever wants to know asks it, or the
/// <see cref="IPresenceReaderGrain"/> for many. Only changes are published.
/// </summary>
[Alias("chat.IPresenceGrain")]
public interface IPresenceGrain : IGrainWithStringKey
{
    /// <summary>Gateways tell of the live sessions of their people so often.</summary>
    static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(25);

    /// <summary>What a gateway told holds so long; three beats, so that two may get lost.</summary>
    static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(75);

    /// <summary>Without input on any device for so long a person is away (rule P2).</summary>
    static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(300);

    /// <summary>
    /// A gateway tells of its sessions of this person: when the first begins, when the last ends, and with every beat between.
    /// What comes late, after something newer of the same gateway, is ignored.
    /// </summary>
    /// <returns>What the person chose to show, and the last input as far as anybody knows.</returns>
    [Alias("BeatAsync")]
    Task<OwnPresence> BeatAsync(PresenceBeat beat, CancellationToken cancellationToken);

    /// <summary>What others see. Whoever read it is told of changes by <see cref="PresenceChanged"/>.</summary>
    [AlwaysInterleave]
    [Alias("ReadAsync")]
    Task<PersonPresence> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether the person is at a device now, or has asked not to be disturbed there. Nobody is told of changes for having asked.</summary>
    [AlwaysInterleave]
    [Alias("IsOnlineAsync")]
    Task<bool> IsOnlineAsync(CancellationToken cancellationToken);

    /// <summary>Whether others may see that the person types (rule T7).</summary>
    [AlwaysInterleave]
    [Alias("ShowsTypingAsync")]
    Task<bool> ShowsTypingAsync(CancellationToken cancellationToken);

    /// <summary>Chooses what others see; answered after it is stored.</summary>
    /// <exception cref="Conversations.StoreUnavailableException">It was not stored, or that is unknown; repeat it.</exception>
    [Alias("SetStatusAsync")]
    Task<SetStatusResult> SetStatusAsync(SetStatus command, CancellationToken cancellationToken);

    /// <summary>Chooses whether others see that the person types (rule T7); answered after it is stored. Null for a caller who is somebody else.</summary>
    /// <exception cref="Conversations.StoreUnavailableException">It was not stored, or that is unknown; repeat it.</exception>
    [Alias("SetShowTypingAsync")]
    Task<OwnPresence?> SetShowTypingAsync(Caller caller, bool showTyping, CancellationToken cancellationToken);
}

/// <summary>What others see of a person (rule P1).</summary>
[GenerateSerializer, Alias("chat.PresenceState")]
public enum PresenceState
{
    /// <summary>At a device now.</summary>
    Online = 1,

    /// <summary>Connected, without input on any device for a while, or by choice.</summary>
    Away = 2,

    /// <summary>Connected, and asks not to be disturbed on any device (rule P4).</summary>
    Dnd = 3,

    /// <summary>Not connected, or appears so by choice.</summary>
    Offline = 4,

    /// <summary>Nobody can say yet: who knew has died a moment ago, or there is no such person.</summary>
    Unknown = 5,
}

/// <summary>What a person chose to show.</summary>
[GenerateSerializer, Alias("chat.ManualStatus")]
public enum ManualStatus
{
    /// <summary>What is so.</summary>
    Auto = 1,

    /// <summary>Away, as long as connected.</summary>
    Away = 2,

    /// <summary>Do not disturb, as long as connected.</summary>
    Dnd = 3,

    /// <summary>Appears offline.</summary>
    Offline = 4,
}

/// <summary>What one gateway knows of one person.</summary>
[GenerateSerializer, Immutable, Alias("chat.PresenceBeat")]
public sealed record PresenceBeat
{
    /// <summary>Whose tenant.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }

    /// <summary>Whose sessions.</summary>
    [Id(1)]
    public required UserId UserId { get; init; }

    /// <summary>Which gateway.</summary>
    [Id(2)]
    public required GatewayId GatewayId { get; init; }

    /// <summary>Rises with every beat of this gateway about this person.</summary>
    [Id(3)]
    public required long Number { get; init; }

    /// <summary>False when the last session has ended.</summary>
    [Id(4)]
    public required bool Live { get; init; }

    /// <summary>How long ago the last input was that this gateway knows of; null when it knows of none. A span, because clocks differ.</summary>
    [Id(5)]
    public TimeSpan? Idle { get; init; }
}

/// <summary>What others see of one person, and when that was so (rule P7).</summary>
[GenerateSerializer, Immutable, Alias("chat.PersonPresence")]
public sealed record PersonPresence
{
    /// <summary>Who.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>What others see.</summary>
    [Id(1)]
    public required PresenceState State { get; init; }

    /// <summary>When it was so.</summary>
    [Id(2)]
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The last input, coarse (rule P8); only of who is away or offline, and does not merely appear so.</summary>
    [Id(3)]
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>When do-not-disturb ends by itself.</summary>
    [Id(4)]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What a person chose, for the person's own sessions.</summary>
[GenerateSerializer, Immutable, Alias("chat.OwnPresence")]
public sealed record OwnPresence
{
    /// <summary>What the person chose to show, if it is still in force.</summary>
    [Id(0)]
    public required ManualStatus Status { get; init; }

    /// <summary>When do-not-disturb ends by itself.</summary>
    [Id(1)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether others see that the person types (rule T7).</summary>
    [Id(2)]
    public required bool ShowTyping { get; init; }

    /// <summary>How long ago the last input on any device was; null when there never was one.</summary>
    [Id(3)]
    public TimeSpan? Idle { get; init; }
}

/// <summary>A choice of what to show.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetStatus")]
public sealed record SetStatus
{
    /// <summary>Whose; nobody chooses for others.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>What to show.</summary>
    [Id(1)]
    public required ManualStatus Status { get; init; }

    /// <summary>When do-not-disturb ends by itself; null for never.</summary>
    [Id(2)]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Why a status was not set.</summary>
[GenerateSerializer, Alias("chat.SetStatusRefusal")]
public enum SetStatusRefusal
{
    /// <summary>The caller is somebody else.</summary>
    NotFound = 1,

    /// <summary>A time that is past, too far away, or of a status that does not end by itself.</summary>
    UntilInvalid = 2,
}

/// <summary>The answer to <see cref="SetStatus"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetStatusResult")]
public sealed record SetStatusResult
{
    /// <summary>Null when it is set.</summary>
    [Id(0)]
    public SetStatusRefusal? Refusal { get; init; }

    /// <summary>What is in force now; null when refused.</summary>
    [Id(1)]
    public OwnPresence? Own { get; init; }
}
