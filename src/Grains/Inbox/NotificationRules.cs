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

    /// <summary>Whether a message notifies somebody, by the settings of its time, and the rule that says so.</summary>
    internal static (bool Notified, NotificationReason Reason) Decide(NotifiedRead read, UserId me)
    {
        var message = read.Message;
        if (!read.WasMember)
        {
            return (false, NotificationReason.NotMember);
        }

        if (message.Fact is { } fact)
        {
            return fact.Kind == SystemFactKind.Added && fact.Targets.Contains(me)
                ? (true, NotificationReason.Added)
                : (false, NotificationReason.System);
        }

        return message switch
        {
            _ when message.AuthorId == me => (false, NotificationReason.Own),
            { DeletedAt: not null } => (false, NotificationReason.Deleted),
            _ when message.Mentions?.Users.Contains(me) == true => (true, NotificationReason.Mention),
            _ when IsMuted(read.Settings.MutedFrom, read.Settings.MutedUntil, message.Time) => (false, NotificationReason.Muted),
            _ => ByLevel(read, message.Mentions is { } mentions && (mentions.All || mentions.Here.Contains(me))),
        };
    }

    /// <summary>Whether a time lies in [from, until).</summary>
    internal static bool IsMuted(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset at) => from <= at && (until is not { } end || at < end);

    /// <summary>As times stand on the wire: a client that compares a message's time with the bounds of a mute then decides like the server.</summary>
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static (bool Notified, NotificationReason Reason) ByLevel(NotifiedRead read, bool wide)
    {
        var direct = read.Kind == ConversationKind.Direct;
        return read.Settings.Level switch
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
