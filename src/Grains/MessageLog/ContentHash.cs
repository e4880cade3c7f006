using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.MessageLog;

/// <summary>
/// Tells whether a repeated command has the content it had the first time (rule M3). The first 16 bytes of the SHA-256
/// of kind and content as first stored, so that it still answers after the message was edited.
/// </summary>
public readonly record struct ContentHash(UInt128 Value)
{
    private const int Size = 16;

    /// <summary>The hash of an entry's content.</summary>
    public static ContentHash Of(MessageEntry entry) => Of(entry.Kind, entry.Fact is { } fact ? Canonical(fact) : entry.Text);

    /// <summary>The hash of a person's words.</summary>
    public static ContentHash OfText(string text) => Of(MessageKind.Text, text);

    /// <summary>The hash as stored: 16 bytes, big-endian.</summary>
    public static ContentHash FromBytes(ReadOnlySpan<byte> bytes) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>What <see cref="FromBytes"/> reads.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    private static ContentHash Of(MessageKind kind, string content)
    {
        var length = 1 + Encoding.UTF8.GetMaxByteCount(content.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            buffer[0] = (byte)kind;
            var written = 1 + Encoding.UTF8.GetBytes(content, buffer.AsSpan(1));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(buffer.AsSpan(0, written), hash);
            return FromBytes(hash[..Size]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Canonical(SystemFact fact) =>
        string.Join('\n', [((int)fact.Kind).ToString(System.Globalization.CultureInfo.InvariantCulture), fact.Before, fact.After, .. fact.Targets.Select(target => target.Value)]);
}
