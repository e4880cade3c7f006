using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace OrleansChat.Gateway.Wire;

/// <summary>
/// SignalR's JSON protocol with a bound on nesting, and with an end to connections that send messages of an unknown type.
/// SignalR reads frames with a reader of its own, for which <see cref="JsonSerializerOptions.MaxDepth"/> does not count.
/// </summary>
internal sealed class BoundedJsonProtocol(IOptions<JsonHubProtocolOptions> options) : IHubProtocol
{
    private const byte RecordSeparator = 0x1E;

    private static readonly SearchValues<byte> Openers = SearchValues.Create("[{"u8);

    private readonly JsonHubProtocol _json = new(options);

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var frame = input.PositionOf(RecordSeparator) is { } end ? input.Slice(0, end) : default(ReadOnlySequence<byte>?);
        if (frame is { } complete)
        {
            CheckDepth(complete);
        }

        var parsed = _json.TryParseMessage(ref input, binder, out message);
        return parsed || frame is null
            ? parsed
            : throw new InvalidDataException("A message of an unknown type."); // SignalR would wait behind it for ever.
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    private static void CheckDepth(ReadOnlySequence<byte> frame)
    {
        if (!HasManyOpeners(frame))
        {
            return; // As good as every frame: it cannot be too deep, wherever the brackets stand.
        }

        try
        {
            var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = WireJson.DepthMax });
            while (reader.Read())
            {
                // Reading is the check.
            }
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The frame is no JSON, or nested too deep.", exception);
        }
    }

    private static bool HasManyOpeners(ReadOnlySequence<byte> frame)
    {
        var openers = 0;
        foreach (var segment in frame)
        {
            var rest = segment.Span;
            for (var at = rest.IndexOfAny(Openers); at >= 0; at = rest.IndexOfAny(Openers))
            {
                if (++openers > WireJson.DepthMax)
                {
                    return true;
                }

                rest = rest[(at + 1)..];
            }
        }

        return false;
    }
}
