using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>Which messages notify whom (rules N5, N7, U11), and what becomes of the settings; pure.</summary>
internal static class NotificationRules
{
    /// <summary>
    /// The settings after a command. A mute that is on keeps its beginning when its end changes, so that what was muted stays
    /// so; one that was on ends now, after whatever was posted before; an end that is past mutes nothing.
    /// </summary>
    internal static NotificationSettings Change(NotificationSettings before, SetNotifications command, DateTimeOffset now)
    {
        var (from, until) = (WholeMilliseconds(now), WholeMilliseconds(now.AddTicks(TimeSpan.TicksPerMillisecond - 1)));
        var muted = IsMuted(before.MutedFrom, before.MutedUntil, now);
        var after = before with { Level = command.Level ?? before.Level };
        return command.Mute switch
        {
            null => after,
            MuteChange.On when command.MutedUntil is not { } wanted || wanted > now =>
                after with
                {
                    MutedFrom = muted ? before.MutedFrom : from,
                    MutedUntil = command.MutedUntil is { } end ? WholeMilliseconds(end) : null,
                },
            _ => muted ? after with { MutedUntil = until } : after,
        };
    }

    /// <summary>
    /// Whether a message notified somebody, and the rule that says so: by what it said and by the settings when it was posted;
    /// where that did not notify and an edit mentions the person, by those of the edit. What became of it later changes nothing.
    /// </summary>
    internal static (bool Notified, NotificationReason Reason) Decide(NotifiedRead read, UserId me)
    {
        var message = read.Message;
        if (message.Fact is { } fact)
        {
            return !read.WasMember ? (false, NotificationReason.NotMember)
                : fact.Kind == SystemFactKind.Added && fact.Targets.Contains(me) ? (true, NotificationReason.Added)
                : (false, NotificationReason.System);
        }

        if (message.AuthorId == me)
        {
            return (false, read.WasMember ? NotificationReason.Own : NotificationReason.NotMember);
        }

        var posted = read.WasMember
            ? DecideAt(message.Time, read, read.Settings)
            : (Notified: false, Reason: NotificationReason.NotMember);
        return posted.Notified ? posted
            : read.NamedAt > message.Time ? (true, NotificationReason.Mention) // Who is named in an edit is a member then.
            : read.WasMember && read.WidelyAt is { } edited && edited > message.Time ? DecideAt(edited, read, read.SettingsWidely)
            : posted;
    }

    private static (bool Notified, NotificationReason Reason) DecideAt(DateTimeOffset at, NotifiedRead read, NotificationSettings settings) =>
        read.NamedAt <= at ? (true, NotificationReason.Mention)
        : IsMuted(settings.MutedFrom, settings.MutedUntil, at) ? (false, NotificationReason.Muted)
        : ByLevel(read.Kind, settings.Level, wide: read.WidelyAt <= at);

    /// <summary>Whether a time lies in [from, until).</summary>
    internal static bool IsMuted(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset at) => from <= at && (until is not { } end || at < end);

    /// <summary>As times stand on the wire: a client that compares a message's time with the bounds of a mute then decides like the server.</summary>
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static (bool Notified, NotificationReason Reason) ByLevel(ConversationKind kind, NotificationLevel level, bool wide)
    {
        var direct = kind == ConversationKind.Direct;
        return level switch
        {
            NotificationLevel.Nothing => (false, NotificationReason.LevelNothing),
            NotificationLevel.All => (true, direct ? NotificationReason.Direct : wide ? NotificationReason.WideMention : NotificationReason.LevelAll),
            NotificationLevel.Mentions => wide ? (true, NotificationReason.WideMention) : (false, NotificationReason.LevelMentions),
            NotificationLevel.Default => direct ? (true, NotificationReason.Direct)
                : wide ? (true, NotificationReason.WideMention)
                : (false, NotificationReason.LevelMentions),
        };
    }
}
