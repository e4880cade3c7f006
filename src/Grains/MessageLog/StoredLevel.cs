using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog;

/// <summary>How a level is kept: its number, 0 for the kind's default.</summary>
internal static class StoredLevel
{
    internal static short Write(NotificationLevel level) => level == NotificationLevel.Default ? (short)0 : (short)level;

    internal static NotificationLevel Read(int stored) => stored == 0 ? NotificationLevel.Default : (NotificationLevel)stored;
}
