using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Sessions;

namespace OrleansChat.Gateway.Wire;

/// <summary>
/// SignalR's JSON protocol with a bound on nesting and on messages per second, and with an end to connections that send messages of an unknown type.
/// SignalR reads frames with a reader of its own, for which <see cref="JsonSerializerOptions.MaxDepth"/> does not count.
/// </summary>
internal sealed class BoundedJsonProtocol(IOptions<JsonHubProtocolOptions> options, IOptions<SocketOptions> sockets, TimeProvider time) : IHubProtocol
{
    private const byte RecordSeparator = 0x1E;

    private static readonly SearchValues<byte> Openers = SearchValues.Create("[{"u8);

    private readonly JsonHubProtocol _json = new(options);

    /// <summary>SignalR makes one binder for each connection, and hands over nothing else that tells connections apart.</summary>
    private readonly ConditionalWeakTable<IInvocationBinder, TokenBucket> _budgets = [];

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var frame = input.PositionOf(RecordSeparator) is { } end ? input.Slice(0, end) : default(ReadOnlySequence<byte>?);
        if (frame is { } complete)
        {
            CheckBudget(binder);
            CheckDepth(complete);
        }

        var parsed = _json.TryParseMessage(ref input, binder, out message);
        return parsed || frame is null
            ? parsed
            : throw new InvalidDataException("A message of an unknown type."); // SignalR would wait behind it for ever.
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    /// <summary>Filters of the hub see only calls of methods that exist; this counts every message (G5).</summary>
    private void CheckBudget(IInvocationBinder binder)
    {
        var ours = sockets.Value;
        var budget = _budgets.GetValue(binder, _ => new TokenBucket(ours.MessagesPerSecond, ours.MessagesBurst, time));
        if (budget.TryTake() is not null)
        {
            throw new InvalidDataException("Too many messages.");
        }
    }

    private void CheckDepth(ReadOnlySequence<byte> frame)
    {
        var depthMax = sockets.Value.JsonDepthMax;
        if (!HasMoreOpenersThan(depthMax, frame))
        {
            return; // As good as every frame: it cannot be too deep, wherever the brackets stand.
        }

        try
        {
            var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = depthMax });
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

    private static bool HasMoreOpenersThan(int bound, ReadOnlySequence<byte> frame)
    {
        var openers = 0;
        foreach (var segment in frame)
        {
            var rest = segment.Span;
            for (var at = rest.IndexOfAny(Openers); at >= 0; at = rest.IndexOfAny(Openers))
            {
                if (++openers > bound)
                {
                    return true;
                }

                rest = rest[(at + 1)..];
            }
        }

        return false;
    }
}
