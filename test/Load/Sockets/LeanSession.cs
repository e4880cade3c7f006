using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansChat.Load.Sockets;

/// <summary>
/// One WebSocket of a load run: a socket, one buffer, and just enough of WebSocket and SignalR to send invocations and to
/// cut what comes into records, without parsing JSON and without allocating per frame. Thousands of them fit beside the
/// server under test. Sends come from one thread.
/// </summary>
internal sealed class LeanSession(int index, LeanSession.OnRecord onRecord) : IDisposable
{
    private const byte RecordSeparator = 0x1E;
    private const int BufferBytes = 2048;
    private const int HeaderBytesMax = 14;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[BufferBytes];
    private int _textEnd;
    private int _rawStart;
    private int _rawEnd;
    private long _payloadLeft;
    private int _opcode;
    private bool _readyAtHandshake;

    /// <summary>One record, without its separator, on the thread that received it.</summary>
    internal delegate void OnRecord(LeanSession session, ReadOnlySpan<byte> record, long receivedAt);

    /// <summary>Its number in the fleet.</summary>
    internal int Index => index;

    /// <summary>The highest rev heard of its conversation; 0 before the first.</summary>
    internal long LastRev { get; set; }

    /// <summary>True until either side has ended it.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Opens the WebSocket, shakes hands, and waits until the server counts the session.</summary>
    /// <param name="server">Where.</param>
    /// <param name="target">Path and query of the hub.</param>
    /// <param name="token">For <c>Authorization: Bearer</c>; null sends none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task ConnectAsync(IPEndPoint server, string target, string? token, CancellationToken cancellationToken)
    {
        _readyAtHandshake = token is null;
        await _socket.ConnectAsync(server, cancellationToken);
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        var request = $"GET {target} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(Guid.NewGuid().ToByteArray())}\r\n{authorization}\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        await ReadUpgradeAsync(cancellationToken);
        SendFrame("{\"protocol\":\"json\",\"version\":1}\u001e"u8);
        IsOpen = true; // From here on others may send.
        _ = ReceiveAsync();
        await _ready.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Keeps the session alive; a server hears of an otherwise silent client only by it.</summary>
    internal void Ping() => Send("{\"type\":6}\u001e"u8);

    /// <summary>Sends one text frame: one or more records, each with its separator.</summary>
    internal void Send(ReadOnlySpan<byte> text)
    {
        if (!IsOpen)
        {
            return;
        }

        try
        {
            SendFrame(text);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            IsOpen = false;
        }
    }

    public void Dispose()
    {
        IsOpen = false;
        _socket.Dispose();
    }

    private void SendFrame(ReadOnlySpan<byte> text)
    {
        Span<byte> frame = stackalloc byte[text.Length + HeaderBytesMax];
        var header = 2;
        frame[0] = 0x81;
        if (text.Length < 126)
        {
            frame[1] = (byte)(0x80 | text.Length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], checked((ushort)text.Length));
            header = 4;
        }

        frame.Slice(header, 4).Clear(); // A mask of zeros leaves the text as it is.
        text.CopyTo(frame[(header + 4)..]);
        _socket.Send(frame[..(header + 4 + text.Length)]);
    }

    private async Task ReadUpgradeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(_rawEnd), cancellationToken);
            _rawEnd += received;
            var end = _buffer.AsSpan(0, _rawEnd).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var status = Encoding.ASCII.GetString(_buffer.AsSpan(0, _buffer.AsSpan().IndexOf("\r\n"u8)));
                if (!status.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                {
                    throw new LoadException($"The server refused a session: {status}");
                }

                _rawStart = end + 4;
                return;
            }

            if (received == 0 || _rawEnd == _buffer.Length)
            {
                throw new LoadException("The server did not answer the handshake of a session.");
            }
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            TakeAll(Stopwatch.GetTimestamp());
            while (IsOpen)
            {
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(_rawEnd));
                if (received == 0)
                {
                    break;
                }

                _rawEnd += received;
                TakeAll(Stopwatch.GetTimestamp());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Ended: IsOpen says so.
        }

        IsOpen = false;
        _ready.TrySetException(new LoadException("The server closed a session before it was ready."));
    }

    /// <summary>Moves the payloads of the frames together at the buffer's beginning, hands over whole records, keeps the rest.</summary>
    private void TakeAll(long receivedAt)
    {
        while (TakePayload() || TakeHeader())
        {
        }

        var text = _buffer.AsSpan(0, _textEnd);
        int length;
        while ((length = text.IndexOf(RecordSeparator)) >= 0)
        {
            Take(text[..length], receivedAt);
            text = text[(length + 1)..];
        }

        var kept = text.Length;
        text.CopyTo(_buffer);
        _buffer.AsSpan(_rawStart, _rawEnd - _rawStart).CopyTo(_buffer.AsSpan(kept));
        _rawEnd = kept + _rawEnd - _rawStart;
        _rawStart = _textEnd = kept;
        if (_buffer.Length - _rawEnd < BufferBytes / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private bool TakePayload()
    {
        var take = (int)Math.Min(_payloadLeft, _rawEnd - _rawStart);
        if (take == 0)
        {
            return false;
        }

        if (_opcode is 0 or 1)
        {
            _buffer.AsSpan(_rawStart, take).CopyTo(_buffer.AsSpan(_textEnd));
            _textEnd += take;
        }

        _rawStart += take;
        _payloadLeft -= take;
        return true;
    }

    private bool TakeHeader()
    {
        var raw = _buffer.AsSpan(_rawStart, _rawEnd - _rawStart);
        if (_payloadLeft > 0 || raw.Length < 2)
        {
            return false;
        }

        var header = (raw[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        if (raw.Length < header)
        {
            return false;
        }

        _opcode = raw[0] & 0x0F;
        _payloadLeft = header switch
        {
            2 => raw[1] & 0x7F,
            4 => BinaryPrimitives.ReadUInt16BigEndian(raw[2..]),
            _ => BinaryPrimitives.ReadInt64BigEndian(raw[2..]),
        };
        _rawStart += header;
        IsOpen &= _opcode != 8;
        return true;
    }

    private void Take(ReadOnlySpan<byte> record, long receivedAt)
    {
        if (!_ready.Task.IsCompleted && (_readyAtHandshake ? record.SequenceEqual("{}"u8) : record.IndexOf("\"welcome\""u8) >= 0))
        {
            _ready.TrySetResult();
        }

        onRecord(this, record, receivedAt);
    }

    public override string ToString() => index.ToString(CultureInfo.InvariantCulture);
}
