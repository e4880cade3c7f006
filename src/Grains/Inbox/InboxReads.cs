using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>Level and mute of one person in one conversation.</summary>
public sealed record NotificationSettings
{
    /// <summary>Which messages notify.</summary>
    public required NotificationLevel Level { get; init; }

    /// <summary>Where the mute begins; null when nothing was ever muted.</summary>
    public DateTimeOffset? MutedFrom { get; init; }

    /// <summary>Where it ends; null while its end is open.</summary>
    public DateTimeOffset? MutedUntil { get; init; }
}

/// <summary>The settings, and the version of the row that they were read from.</summary>
/// <param name="Settings">Level and mute.</param>
/// <param name="ReadVersion">Rises with every change of the row.</param>
public sealed record StoredNotifications(NotificationSettings Settings, long ReadVersion);

/// <summary>Somebody's draft in one conversation.</summary>
/// <param name="Draft">What is stored; version 0 when nothing is.</param>
/// <param name="Drafts">How many drafts they have in all.</param>
public sealed record DraftRead(Draft Draft, int Drafts);

/// <summary>What a conversation is called, for whoever looks for it.</summary>
public sealed record NamedConversation
{
    /// <summary>Which one.</summary>
    public required ConversationId ConversationId { get; init; }

    /// <summary>A group's name.</summary>
    public string? Title { get; init; }

    /// <summary>Names that the group had before.</summary>
    public ImmutableArray<string> FormerTitles { get; init; } = [];

    /// <summary>Display name of the other person of a direct conversation.</summary>
    public string? PeerName { get; init; }

    /// <summary>Whether one of the people asked for is in it.</summary>
    public bool HasOneOf { get; init; }

    /// <summary>Whether anything, of whatever kind, is above the read cursor.</summary>
    public bool AboveCursor { get; init; }
}

/// <summary>The members of a conversation, and with whom the user writes elsewhere.</summary>
/// <param name="Members">Everybody, the user included.</param>
/// <param name="DirectPeers">With whom the user has direct conversations, the last active first; at most <see cref="DirectPeersMax"/>.</param>
public sealed record MentionablesRead(ImmutableArray<MentionableMember> Members, ImmutableArray<UserId> DirectPeers)
{
    /// <summary>Messages at the end of the conversation whose authors count as recent.</summary>
    public const int RecentMessages = 200;

    /// <summary>Most direct conversations that count as recent.</summary>
    public const int DirectPeersMax = 50;
}

/// <summary>A member who can be mentioned.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">Display name.</param>
/// <param name="Role">Role, as the directory has it.</param>
/// <param name="LastSeq">The last message of theirs among the recent ones; null for none.</param>
public sealed record MentionableMember(UserId UserId, string Name, OrleansChat.Tenants.Role Role, long? LastSeq);

/// <summary>What the decision whether a message notifies somebody rests on (rule N12).</summary>
public sealed record NotifiedRead
{
    /// <summary>The message as it stands, its text cut.</summary>
    public required Message Message { get; init; }

    /// <summary>What its conversation is.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>The person's settings when it was posted.</summary>
    public required NotificationSettings Settings { get; init; }

    /// <summary>Whether the person was a member then.</summary>
    public required bool WasMember { get; init; }

    /// <summary>Since when it mentions the person by name, or did until an edit or its deletion: when it was posted, or an edit's time. Null for never.</summary>
    public DateTimeOffset? NamedAt { get; init; }

    /// <summary>The same of a wide mention that means the person.</summary>
    public DateTimeOffset? WidelyAt { get; init; }

    /// <summary>The person's settings at <see cref="WidelyAt"/>; without it those of the posting.</summary>
    public required NotificationSettings SettingsWidely { get; init; }

    /// <summary>What the person's devices did with it, in order of time.</summary>
    public required ImmutableArray<DeviceOutcome> Devices { get; init; }
}
