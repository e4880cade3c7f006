using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Wire;

/// <summary>What inboxes answer, as wire types; the names of enum values are literals here.</summary>
internal static class InboxMapping
{
    internal static string ToWire(this NotificationLevel level) => level switch
    {
        NotificationLevel.Default => "default",
        NotificationLevel.All => "all",
        NotificationLevel.Mentions => "mentions",
        NotificationLevel.Nothing => "nothing",
    };

    /// <summary>The level of this name; null for a name that is none.</summary>
    internal static NotificationLevel? LevelOf(string name) => name switch
    {
        "default" => NotificationLevel.Default,
        "all" => NotificationLevel.All,
        "mentions" => NotificationLevel.Mentions,
        "nothing" => NotificationLevel.Nothing,
        _ => null,
    };

    /// <summary>The change of this name; null for a name that is none.</summary>
    internal static MuteChange? MuteOf(string name) => name switch
    {
        "on" => MuteChange.On,
        "off" => MuteChange.Off,
        _ => null,
    };

    internal static string ToWire(this NotificationReason reason) => reason switch
    {
        NotificationReason.Own => "own",
        NotificationReason.System => "system",
        NotificationReason.NotMember => "notMember",
        NotificationReason.Deleted => "deleted",
        NotificationReason.Muted => "muted",
        NotificationReason.LevelNothing => "levelNothing",
        NotificationReason.LevelMentions => "levelMentions",
        NotificationReason.Mention => "mention",
        NotificationReason.WideMention => "wideMention",
        NotificationReason.Direct => "direct",
        NotificationReason.LevelAll => "levelAll",
        NotificationReason.Added => "added",
    };

    internal static string ToWire(this NotificationOutcome outcome) => outcome switch
    {
        NotificationOutcome.Shown => "shown",
        NotificationOutcome.HeldByFocus => "heldByFocus",
        NotificationOutcome.HeldByDnd => "heldByDnd",
        NotificationOutcome.Closed => "closed",
    };

    /// <summary>The outcome of this name; null for a name that is none.</summary>
    internal static NotificationOutcome? OutcomeOf(string? name) => name switch
    {
        "shown" => NotificationOutcome.Shown,
        "heldByFocus" => NotificationOutcome.HeldByFocus,
        "heldByDnd" => NotificationOutcome.HeldByDnd,
        "closed" => NotificationOutcome.Closed,
        _ => null,
    };

    internal static WireMention ToWire(this MentionRow row) => new()
    {
        ConversationId = row.ConversationId.Value,
        Kind = row.Kind.ToWire(),
        Title = row.Title,
        Message = row.Message.ToWire(),
        Unread = row.Unread,
        Done = row.Done,
    };

    internal static WireFoundConversation ToWire(this FoundConversation found) =>
        new() { Conversation = found.Row.ToWire(), FormerTitle = found.FormerTitle };

    internal static WireDraft ToWire(this Draft draft) => new()
    {
        ConversationId = draft.ConversationId.Value,
        Version = draft.Version,
        Text = draft.Text,
        ReplyTo = draft.ReplyTo,
        Time = draft.SavedAt,
    };

    internal static WireDeviceOutcome ToWire(this DeviceOutcome outcome) =>
        new() { Device = outcome.Device, Outcome = outcome.Outcome.ToWire(), At = outcome.At };
}
