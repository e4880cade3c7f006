using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Fanout;

/// <summary>What a person's inbox tells the person's own sessions (rule U10).</summary>
internal static class InboxSignals
{
    internal static void Deliver(TenantSignal signal, TenantSessions sessions)
    {
        switch (signal)
        {
            case ReadCursorMoved moved:
                Send(sessions, moved.UserId, EventNames.ReadCursorMoved, ToEvent(moved.ConversationId, moved.Basis));
                break;
            case ReadCursorsMoved { Cursors.IsEmpty: true } moved:
                foreach (var session in sessions.Of(moved.UserId))
                {
                    session.Resync();
                }

                break;
            case ReadCursorsMoved moved:
                Send(sessions, moved.UserId, Frame.Of([.. moved.Cursors.Select(
                    cursor => (EventNames.ReadCursorMoved, (object)ToEvent(cursor.ConversationId, cursor.Basis)))]));
                break;
            case NotificationsChanged changed:
                Send(sessions, changed.UserId, EventNames.NotificationsChanged, new NotificationsChangedEvent
                {
                    ConversationId = changed.ConversationId.Value,
                    Level = changed.Level.ToWire(),
                    Unread = changed.Basis.ToWire(),
                });
                break;
            case MentionMarked marked:
                Send(sessions, marked.UserId, EventNames.MentionMarked, new MentionMarkedEvent
                {
                    ConversationId = marked.ConversationId.Value,
                    Seq = marked.Seq,
                    Done = marked.Done,
                });
                break;
            case DraftChanged changed:
                Send(sessions, changed.UserId, EventNames.DraftChanged, new DraftChangedEvent
                {
                    ConversationId = changed.Draft.ConversationId.Value,
                    Draft = changed.Draft.ToWire(),
                });
                break;
            case NotifyNow notify:
                foreach (var user in notify.Users)
                {
                    Send(sessions, user, EventNames.NotifyNow, new NotifyNowEvent
                    {
                        ConversationId = notify.ConversationId.Value,
                        Seq = notify.Seq,
                        AuthorId = notify.AuthorId.Value,
                    });
                }

                break;
        }
    }

    private static ReadCursorMovedEvent ToEvent(ConversationId conversation, UnreadBasis basis) =>
        new() { ConversationId = conversation.Value, Unread = basis.ToWire() };

    private static void Send<T>(TenantSessions sessions, UserId user, string eventName, T payload)
        where T : class
    {
        if (!sessions.Of(user).IsEmpty)
        {
            Send(sessions, user, Frame.Of(eventName, payload));
        }
    }

    private static void Send(TenantSessions sessions, UserId user, Frame frame)
    {
        foreach (var session in sessions.Of(user))
        {
            session.Send(frame);
        }
    }
}
