using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Wire;

/// <summary>The opaque <c>next</c> of the chat list.</summary>
internal static class InboxPositionText
{
    private const int CharsMax = 2 * (Identity.ConversationId.CharsMax + 64);

    internal static string Format(InboxPosition position) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{position.Block} {position.LastActivity.UtcTicks} {position.ConversationId.Value}")));

    /// <summary>False when the text is not what <see cref="Format"/> writes.</summary>
    internal static bool TryParse(string text, out InboxPosition? position)
    {
        position = null;
        if (text.Length > CharsMax || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
        if (parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks
            || !Identity.ConversationId.TryParse(parts[2], out var conversation))
        {
            return false;
        }

        position = new InboxPosition { Block = block, LastActivity = new DateTimeOffset(ticks, TimeSpan.Zero), ConversationId = conversation };
        return true;
    }
}
