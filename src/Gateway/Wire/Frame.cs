using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace OrleansChat.Gateway.Wire;

/// <summary>
/// One or more events as they travel: SignalR JSON invocations, each ended by 0x1E. Made once per event, shared by all
/// sessions that get it.
/// </summary>
internal sealed class Frame
{
    private const byte RecordSeparator = 0x1E;

    /// <summary>The only hub protocol that is served.</summary>
    private const string Protocol = "json";

    private Frame(ReadOnlyMemory<byte> bytes, bool droppable)
    {
        Bytes = bytes;
        Droppable = droppable;
        Serialized = new SerializedHubMessage([new SerializedMessage(Protocol, bytes)]);
    }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>True for what a session half behind goes without (typing, presence).</summary>
    internal bool Droppable { get; }

    internal SerializedHubMessage Serialized { get; }

    internal static Frame Of<T>(string eventName, T payload, bool droppable = false) =>
        new(Write(writer => WriteEvent(writer, eventName, payload)), droppable);

    /// <summary>Several events in one frame.</summary>
    internal static Frame Of(IEnumerable<(string EventName, object Payload)> events) =>
        new(
            Write(writer =>
            {
                foreach (var (eventName, payload) in events)
                {
                    WriteEvent(writer, eventName, payload);
                }
            }),
            droppable: false);

    /// <summary>Frames that leave together in one write.</summary>
    internal static SerializedHubMessage Merge(ReadOnlySpan<Frame> frames)
    {
        var length = 0;
        foreach (var frame in frames)
        {
            length += frame.Bytes.Length;
        }

        var bytes = new byte[length];
        var at = 0;
        foreach (var frame in frames)
        {
            frame.Bytes.Span.CopyTo(bytes.AsSpan(at));
            at += frame.Bytes.Length;
        }

        return new SerializedHubMessage([new SerializedMessage(Protocol, bytes)]);
    }

    private static ReadOnlyMemory<byte> Write(Action<ArrayBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        write(buffer);
        return buffer.WrittenMemory;
    }

    private static void WriteEvent<T>(ArrayBufferWriter<byte> buffer, string eventName, T payload)
    {
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Options.Encoder, SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("type"u8, 1);
            writer.WriteString("target"u8, eventName);
            writer.WriteStartArray("arguments"u8);
            JsonSerializer.Serialize(writer, payload, payload!.GetType(), WireJson.Options);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.GetSpan(1)[0] = RecordSeparator;
        buffer.Advance(1);
    }
}
