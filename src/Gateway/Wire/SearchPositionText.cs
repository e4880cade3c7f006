using System.Buffers.Binary;
using System.Buffers.Text;

namespace OrleansChat.Gateway.Wire;

/// <summary>The opaque <c>next</c> of a search.</summary>
internal static class SearchPositionText
{
    private const int Chars = 11;

    internal static string Format(long position)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False when the text is not what <see cref="Format"/> writes.</summary>
    internal static bool TryParse(string text, out long? position)
    {
        position = null;
        if (text.Length != Chars || !Base64Url.IsValid(text))
        {
            return false;
        }

        position = BinaryPrimitives.ReadInt64BigEndian(Base64Url.DecodeFromChars(text));
        return true;
    }
}
