using OrleansChat.Conversations;
using OrleansChat.Inbox;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Client;

/// <summary>Which signals change what somebody has of a conversation. A signal that is not named here fails.</summary>
internal static class Signals
{
    internal static IReadOnlyDictionary<Type, bool> OfConversations { get; } = new Dictionary<Type, bool>
    {
        [typeof(ReadCursorMoved)] = true,
        [typeof(ReadCursorsMoved)] = true,
        [typeof(NotificationsChanged)] = true,
        [typeof(MentionMarked)] = false,
        [typeof(NotifyNow)] = false,
        [typeof(DraftChanged)] = false,
        [typeof(PresenceChanged)] = false,
        [typeof(TypingChanged)] = false,
        [typeof(PeopleChanged)] = false,
    };

    internal static bool IsOfConversation(TenantSignal signal) => OfConversations[signal.GetType()];
}
