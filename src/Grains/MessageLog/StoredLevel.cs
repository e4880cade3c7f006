using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog;

/// <summary>How a level is kept: its number, 0 for the kind's default.</summary>
internal static class StoredLevel
{
    internal static short Write(NotificationLevel level) => (short)(level - 1);

    internal static NotificationLevel Read(int stored) => (NotificationLevel)(stored + 1);
}
