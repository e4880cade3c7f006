using System.Buffers;
using System.Globalization;
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

    /// <summary>Tells commands apart from the kinds of messages.</summary>
    private const byte CommandMark = 0;

    /// <summary>The hash of an entry's content.</summary>
    public static ContentHash Of(MessageEntry entry) =>
        entry.Command ?? (entry.Fact is { } fact ? Of((byte)entry.Kind, Canonical(fact)) : OfText(entry.Text, entry.ReplyTo));

    /// <summary>The hash of a person's words, and of what they answer.</summary>
    public static ContentHash OfText(string text, long? replyTo = null) =>
        replyTo is { } seq ? OfCommand("reply", seq.ToString(CultureInfo.InvariantCulture), text) : Of((byte)MessageKind.Text, text);

    /// <summary>The hash of a command that is not a post: its name and what it asks for.</summary>
    public static ContentHash OfCommand(string name, params ReadOnlySpan<string> parts) => Of(CommandMark, $"{name}\n{string.Join('\n', parts)}");

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

    private static ContentHash Of(byte mark, string content)
    {
        var length = 1 + Encoding.UTF8.GetMaxByteCount(content.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            buffer[0] = mark;
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
        string.Join('\n', [((int)fact.Kind).ToString(CultureInfo.InvariantCulture), fact.Before, fact.After, .. fact.Targets.Select(target => target.Value)]);
}
