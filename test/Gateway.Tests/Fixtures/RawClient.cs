using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A WebSocket whose every byte the test decides on.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<JsonElement> _frames = Channel.CreateUnbounded<JsonElement>();
    private Task _reading = Task.CompletedTask;

    private RawClient()
    {
    }

    internal static async Task<RawClient> OpenAsync(Uri hub, string token, bool shakesHands, bool reads)
    {
        var client = new RawClient();
        client._socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        // A small receive buffer, so that a client that does not read stops the sender soon.
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = static async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 8 * 1024 };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        await client._socket.ConnectAsync(hub, http, ChatServer.PatienceToken());
        if (reads)
        {
            client._reading = client.ReadAsync();
        }

        if (shakesHands)
        {
            await client.SendsAsync("""{"protocol":"json","version":1}""");
            if (reads)
            {
                (await client.NextAsync()).EnumerateObject().ShouldBeEmpty();
                await client.HearsEventAsync("welcome");
            }
        }

        return client;
    }

    /// <summary>One frame of the hub protocol.</summary>
    internal Task SendsAsync(string json) => SendsBytesAsync(Encoding.UTF8.GetBytes(json + RecordSeparator));

    internal async Task SendsBytesAsync(ReadOnlyMemory<byte> bytes, bool endOfMessage = true)
    {
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage, ChatServer.PatienceToken());
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The server has closed meanwhile; whoever wants to know asks IsClosedAsync.
        }
    }

    /// <summary>Sends an invocation with these arguments, written as they are, and returns its completion.</summary>
    internal async Task<JsonElement> InvokesAsync(string method, string arguments, string id = "1")
    {
        await SendsAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":{{arguments}}}""");
        return await HearsAsync(frame => TypeOf(frame) == 3 && frame.GetProperty("invocationId").GetString() == id);
    }

    internal Task<JsonElement> HearsEventAsync(string name) =>
        HearsAsync(frame => TypeOf(frame) == 1 && frame.GetProperty("target").GetString() == name);

    /// <summary>Takes frames until so many events of this name have come.</summary>
    internal async Task HearsEventsAsync(string name, int count)
    {
        for (var heard = 0; heard < count; heard++)
        {
            await HearsEventAsync(name);
        }
    }

    /// <summary>The server ends the connection, in whatever way.</summary>
    internal Task IsClosedAsync() => _reading.WaitAsync(ChatServer.Patience);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _socket.Dispose();
        await _reading;
        _ended.Dispose();
    }

    private static int TypeOf(JsonElement frame) => frame.TryGetProperty("type", out var type) ? type.GetInt32() : 0;

    private async Task<JsonElement> HearsAsync(Func<JsonElement, bool> matches)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (matches(frame))
            {
                return frame;
            }
        }
    }

    private async Task<JsonElement> NextAsync() => await _frames.Reader.ReadAsync(ChatServer.PatienceToken());

    private async Task ReadAsync()
    {
        var text = new StringBuilder();
        var decoder = Encoding.UTF8.GetDecoder();
        var buffer = new byte[64 * 1024];
        var chars = new char[64 * 1024];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, _ended.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                text.Append(chars, 0, decoder.GetChars(buffer, 0, received.Count, chars, 0));
                if (received.EndOfMessage)
                {

                    foreach (var frame in text.ToString().Split(RecordSeparator, StringSplitOptions.RemoveEmptyEntries))
                    {
                        _frames.Writer.TryWrite(JsonElement.Parse(frame));
                    }

                    text.Clear();
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Ended, from either side.
        }

        _frames.Writer.TryComplete();
    }
}
