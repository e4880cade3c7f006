using System.ComponentModel.DataAnnotations;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Sessions;

/// <summary>Bounds of sessions and their sockets (section <c>Sockets</c>; reliability: settings of the SignalR gateway).</summary>
internal sealed class SocketOptions
{
    internal const string Section = "Sockets";

    /// <summary>Frames that wait for one socket; one more makes the queue a resync.</summary>
    [Range(2, 100_000)]
    public int QueueFramesMax { get; set; } = 256;

    /// <summary>Bytes that wait for one socket.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int QueueBytesMax { get; set; } = 256 * 1024;

    /// <summary>A write that a client does not take for so long ends its session.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan BlockedTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the <c>closing</c> event may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan ClosingTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A gateway that stops ends its sessions evenly spread over this time (twice of it when they are more than 5,000).
    /// By default 15 s where there are other gateways to go to, none with the embedded engine.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; }

    /// <summary>Largest frame of a client, in bytes: the longest legal message plus its envelope.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int ReceiveBytesMax { get; set; } = 128 * 1024;

    /// <summary>
    /// Deepest nesting of the JSON that clients send, over the socket and HTTP: what is read deeper costs stack and time for what no
    /// method takes. Not less than answers need.
    /// </summary>
    [Range(WireJson.WrittenDepthMax, 64)]
    public int JsonDepthMax { get; set; } = 16;

    /// <summary>Messages of one client per second, whatever they are; a client that sends more is closed.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerSecond { get; set; } = 100;

    /// <summary>Messages of one client at once.</summary>
    [Range(1, 1_000_000)]
    public int MessagesBurst { get; set; } = 1_000;

    /// <summary>From the open WebSocket to the handshake.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the server pings.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which a client is gone.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan ClientTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Bytes that the transport buffers to a socket before writes wait.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int TransportBufferBytesMax { get; set; } = 32 * 1024;

    /// <summary>Bytes that the transport buffers from a socket.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int ApplicationBufferBytesMax { get; set; } = 64 * 1024;

    /// <summary>A write to the socket itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan TransportSendTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The WebSocket close handshake.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>WebSockets of one process.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsMax { get; set; } = 11_000;

    /// <summary>Longest body of an HTTP request, in bytes.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int RequestBodyBytesMax { get; set; } = 256 * 1024;

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
