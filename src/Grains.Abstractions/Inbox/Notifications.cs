using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Inbox;

/// <summary>Which messages of a conversation notify somebody (rule N7). A mention by name always does (rule N5); counts do not go by it.</summary>
[GenerateSerializer, Alias("chat.NotificationLevel")]
public enum NotificationLevel
{
    /// <summary>As the kind of conversation has it: <see cref="All"/> in a direct one, <see cref="Mentions"/> in every other.</summary>
    Default = 1,

    /// <summary>Every message.</summary>
    All = 2,

    /// <summary>Mentions, by name or wide.</summary>
    Mentions = 3,

    /// <summary>None but mentions by name.</summary>
    Nothing = 4,
}

/// <summary>What becomes of a mute.</summary>
[GenerateSerializer, Alias("chat.MuteChange")]
public enum MuteChange
{
    /// <summary>Ends now.</summary>
    Off = 1,

    /// <summary>Begins now, or goes on if there is one.</summary>
    On = 2,
}

/// <summary>How somebody is to be notified of a conversation from now on (rules N7, U11).</summary>
[GenerateSerializer, Immutable, Alias("chat.SetNotifications")]
public sealed record SetNotifications
{
    /// <summary>Whose settings.</summary>
    [Id(0)]
    public required Caller Caller { get; init; }

    /// <summary>Of which conversation.</summary>
    [Id(1)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>The new level; null keeps it.</summary>
    [Id(2)]
    public NotificationLevel? Level { get; init; }

    /// <summary>What becomes of the mute; null keeps it.</summary>
    [Id(3)]
    public MuteChange? Mute { get; init; }

    /// <summary>With <see cref="MuteChange.On"/>: when it ends by itself; null for never. A time that is past mutes nothing.</summary>
    [Id(4)]
    public DateTimeOffset? MutedUntil { get; init; }
}

/// <summary>The answer to <see cref="SetNotifications"/>.</summary>
[GenerateSerializer, Immutable, Alias("chat.SetNotificationsResult")]
public sealed record SetNotificationsResult
{
    /// <summary>The counts and the mute after it; null when the caller does not belong to the conversation.</summary>
    [Id(0)]
    public UnreadBasis? Basis { get; init; }

    /// <summary>The level after it.</summary>
    [Id(1)]
    public NotificationLevel Level { get; init; } = NotificationLevel.Default;
}

/// <summary>What a device did with a message that could have notified.</summary>
[GenerateSerializer, Alias("chat.NotificationOutcome")]
public enum NotificationOutcome
{
    /// <summary>It popped up.</summary>
    Shown = 1,

    /// <summary>It did not: the conversation was open in a focused, active window (rule N8).</summary>
    HeldByFocus = 2,

    /// <summary>It was held until do-not-disturb ends (rule N6).</summary>
    HeldByDnd = 3,

    /// <summary>It was closed again: read on another device (rule U10), deleted or dismissed.</summary>
    Closed = 4,
}

/// <summary>What a device says of one message.</summary>
[GenerateSerializer, Immutable, Alias("chat.NotificationReport")]
public sealed record NotificationReport
{
    /// <summary>In which conversation.</summary>
    [Id(0)]
    public required ConversationId ConversationId { get; init; }

    /// <summary>Which message.</summary>
    [Id(1)]
    public required long Seq { get; init; }

    /// <summary>What was done.</summary>
    [Id(2)]
    public required NotificationOutcome Outcome { get; init; }

    /// <summary>When, by the device's clock; kept no later than it was reported.</summary>
    [Id(3)]
    public required DateTimeOffset At { get; init; }
}

/// <summary>Whether a message notified somebody by the settings of its time, and which rule said so (rule N12).</summary>
[GenerateSerializer, Alias("chat.NotificationReason")]
public enum NotificationReason
{
    /// <summary>Not notified: one's own message.</summary>
    Own = 1,

    /// <summary>Not notified: a fact of the system.</summary>
    System = 2,

    /// <summary>Not notified: the person was no member then.</summary>
    NotMember = 3,

    /// <summary>Not decided any more, and said by earlier versions alone: a deletion does not change why a message had notified.</summary>
    Deleted = 4,

    /// <summary>Not notified: the conversation was muted.</summary>
    Muted = 5,

    /// <summary>Not notified: the level was <see cref="NotificationLevel.Nothing"/>.</summary>
    LevelNothing = 6,

    /// <summary>Not notified: the level was <see cref="NotificationLevel.Mentions"/>, and the message mentions the person not at all.</summary>
    LevelMentions = 7,

    /// <summary>Notified: mentioned by name, whatever the settings (rule N5).</summary>
    Mention = 8,

    /// <summary>Notified: @all, or @here while the person was online.</summary>
    WideMention = 9,

    /// <summary>Notified: a direct conversation.</summary>
    Direct = 10,

    /// <summary>Notified: the level was <see cref="NotificationLevel.All"/>.</summary>
    LevelAll = 11,

    /// <summary>Notified: the fact that the person was added.</summary>
    Added = 12,
}

/// <summary>What one device did with a message.</summary>
[GenerateSerializer, Immutable, Alias("chat.DeviceOutcome")]
public sealed record DeviceOutcome
{
    /// <summary>The device, by the name that it keeps for itself.</summary>
    [Id(0)]
    public required string Device { get; init; }

    /// <summary>What it did.</summary>
    [Id(1)]
    public required NotificationOutcome Outcome { get; init; }

    /// <summary>When.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }
}

/// <summary>Why a message did or did not notify somebody.</summary>
[GenerateSerializer, Immutable, Alias("chat.WhyNotifiedResult")]
public sealed record WhyNotifiedResult
{
    /// <summary>The rule; null when there is no such message for the caller, or when it is older than is known.</summary>
    [Id(0)]
    public NotificationReason? Reason { get; init; }

    /// <summary>Whether the rule notifies.</summary>
    [Id(1)]
    public bool Notified { get; init; }

    /// <summary>What the person's devices said, in order of time.</summary>
    [Id(2)]
    public ImmutableArray<DeviceOutcome> Devices { get; init; } = [];

    /// <summary>True when the message is older than reasons are kept (7 days).</summary>
    [Id(3)]
    public bool TooOld { get; init; }
}

/// <summary>Why nobody is notified now.</summary>
[GenerateSerializer, Alias("chat.NotifyNowRefusal")]
public enum NotifyNowRefusal
{
    /// <summary>No such message for the caller.</summary>
    NotFound = 1,

    /// <summary>It is somebody else's.</summary>
    NotAuthor = 2,

    /// <summary>It was deleted.</summary>
    MessageDeleted = 3,
}

/// <summary>The answer to an author who wants people to be notified now (rule N6).</summary>
[GenerateSerializer, Immutable, Alias("chat.NotifyNowResult")]
public sealed record NotifyNowResult
{
    /// <summary>Null when it is done.</summary>
    [Id(0)]
    public NotifyNowRefusal? Refusal { get; init; }

    /// <summary>Who is notified: members whom the message mentions by name and who ask not to be disturbed now.</summary>
    [Id(1)]
    public ImmutableArray<UserId> Notified { get; init; } = [];

    /// <summary>Who is not, because the author did so to them less than an hour ago.</summary>
    [Id(2)]
    public ImmutableArray<UserId> TooSoon { get; init; } = [];
}
