using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansChat.Inbox;

namespace OrleansChat.Gateway.Wire;

/// <summary>The opaque <c>next</c> of the mentions.</summary>
internal static class MentionPositionText
{
    private const int CharsMax = 2 * (Identity.ConversationId.CharsMax + 64);

    internal static string Format(MentionPosition position) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{position.Time.UtcTicks} {position.Seq} {position.ConversationId.Value}")));

    /// <summary>False when the text is not what <see cref="Format"/> writes.</summary>
    internal static bool TryParse(string text, out MentionPosition? position)
    {
        position = null;
        if (text.Length > CharsMax || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            || !Identity.ConversationId.TryParse(parts[2], out var conversation))
        {
            return false;
        }

        position = new MentionPosition { Time = new DateTimeOffset(ticks, TimeSpan.Zero), Seq = seq, ConversationId = conversation };
        return true;
    }
}
