using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Model.Tests.Model;

/// <summary>Cursors that move back and all at once, levels, mutes and the mentions view (rules U8, U11, U12, N7, N10).</summary>
internal sealed partial class ModelChat
{
    private static readonly TimeSpan UndoTime = TimeSpan.FromSeconds(10);

    /// <summary>What each person's last "mark all read" moved: from where, and how often the row had changed right after it.</summary>
    private readonly Dictionary<UserId, (DateTimeOffset At, List<(ModelConversation Conversation, long ReadSeq, int Turns)> Moved)> _undos = [];

    /// <summary>Rule U8: down to right before the seq, and no further than the person's own beginning.</summary>
    internal InboxRow? MarkUnread(Caller caller, ConversationId id, long from)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return null;
        }

        var mine = conversation.Members[caller.UserId];
        Move(conversation, caller.UserId, Math.Min(mine.ReadSeq, Math.Max(from - 1, mine.JoinedSeq - 1)));
        return RowOf(conversation, caller.UserId);
    }

    /// <summary>Rule U12.</summary>
    /// <returns>How many conversations had something unread.</returns>
    internal int MarkAllRead(Caller caller)
    {
        if (caller.TenantId != tenant)
        {
            return 0;
        }

        var moved = new List<(ModelConversation, long, int)>();
        foreach (var conversation in ConversationsOf(caller.UserId).Where(conversation => conversation.Count(caller.UserId).Unread > 0))
        {
            var before = conversation.Members[caller.UserId].ReadSeq;
            Move(conversation, caller.UserId, conversation.Seq);
            moved.Add((conversation, before, conversation.Turns[caller.UserId]));
        }

        if (moved.Count > 0)
        {
            _undos[caller.UserId] = (Now, moved);
        }

        return moved.Count;
    }

    /// <summary>Within 10 s; what changed meanwhile stays.</summary>
    /// <returns>How many are as they were; null when it is too late.</returns>
    internal int? UndoMarkAllRead(Caller caller)
    {
        if (caller.TenantId != tenant || !_undos.TryGetValue(caller.UserId, out var made) || Milliseconds(Now) - Milliseconds(made.At) > UndoTime.TotalMilliseconds)
        {
            return null;
        }

        var undone = 0;
        foreach (var (conversation, readSeq, turns) in made.Moved)
        {
            if (!conversation.Members.TryGetValue(caller.UserId, out var mine))
            {
                continue;
            }

            if (conversation.Turns[caller.UserId] == turns)
            {
                Move(conversation, caller.UserId, readSeq);
            }

            // Undone now, or by the same command before.
            undone += conversation.Turns[caller.UserId] == turns + 1 && mine.ReadSeq == readSeq ? 1 : 0;
        }

        return undone;

        static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
    }

    /// <summary>Rules N7, U11. A mute that is on keeps its beginning; times of mutes are whole milliseconds, as on the wire.</summary>
    internal InboxRow? SetNotifications(Caller caller, ConversationId id, NotificationLevel? level, MuteChange? mute, TimeSpan? lasting)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return null;
        }

        var mine = conversation.Members[caller.UserId];
        var before = (mine.Level, mine.MutedFrom, mine.MutedUntil);
        mine.Level = level ?? mine.Level;
        var (now, muted) = (Now, mine.MutedFrom <= Now && (mine.MutedUntil is not { } until || Now < until));
        if (mute == MuteChange.On && (lasting is null || lasting > TimeSpan.Zero))
        {
            mine.MutedFrom = muted ? mine.MutedFrom : Whole(now);
            mine.MutedUntil = lasting is { } time ? Whole(now + time) : null;
        }
        else if (mute is not null && muted)
        {
            mine.MutedUntil = Whole(now) < now ? Whole(now).AddMilliseconds(1) : now;
        }

        if (before != (mine.Level, mine.MutedFrom, mine.MutedUntil))
        {
            conversation.Turn(caller.UserId);
        }

        return RowOf(conversation, caller.UserId);

        static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <summary>Rule N10: mentions by name that still stand, newest first.</summary>
    internal IEnumerable<string> Mentions(Caller caller, bool unreadOnly) => caller.TenantId != tenant ? [] :
        from conversation in ConversationsOf(caller.UserId)
        from message in conversation.Messages
        where message.Mentions?.Users.Contains(caller.UserId) == true
        let unread = message.Seq > conversation.Members[caller.UserId].ReadSeq
        let done = conversation.Done.Contains((caller.UserId, message.Seq))
        where !unreadOnly || (unread && !done)
        orderby message.Time descending, (conversation.Id.Value, message.Seq) descending
        select Client.Show.Of(conversation.Id, conversation.Title, message.Preview(), unread, done);

    /// <summary>False when the person is not mentioned there.</summary>
    internal bool MarkMentionDone(Caller caller, ConversationId id, long seq, bool done)
    {
        if (Member(caller, id) is not { } conversation || conversation.Find(seq)?.Mentions?.Users.Contains(caller.UserId) != true)
        {
            return false;
        }

        if (done)
        {
            conversation.Done.Add((caller.UserId, seq));
        }
        else
        {
            conversation.Done.Remove((caller.UserId, seq));
        }

        return true;
    }
}
