using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace OrleansChat.HubClient;

/// <summary>How to connect: exactly the headers that are named.</summary>
public sealed record HubCredentials
{
    /// <summary>A <c>Cookie</c> header.</summary>
    public string? Cookie { get; init; }

    /// <summary>A token for <c>Authorization: Bearer</c>.</summary>
    public string? Token { get; init; }

    /// <summary>An <c>Origin</c> header.</summary>
    public string? Origin { get; init; }

    /// <summary>A <c>Host</c> header; null: where the hub is.</summary>
    public string? Host { get; init; }
}

/// <summary>
/// SignalR's JSON hub protocol over one WebSocket, without negotiation and without reconnecting: what tests and load runs
/// need to see. <paramref name="onEvent"/> gets each event's whole frame on the receiving loop and must not block.
/// </summary>
public sealed class HubConnection(Action<string, ReadOnlyMemory<byte>> onEvent) : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1E;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastCall;
    private Task? _receiving;

    /// <summary>Ends when the connection has, for whatever reason.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Opens the WebSocket and shakes hands.</summary>
    /// <exception cref="WebSocketException">The server refused; <see cref="HttpStatus"/> says how.</exception>
    public async Task ConnectAsync(Uri hub, HubCredentials credentials, CancellationToken cancellationToken)
    {
        _socket.Options.CollectHttpResponseDetails = true;
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        Set("Cookie", credentials.Cookie);
        Set("Origin", credentials.Origin);
        Set("Host", credentials.Host);
        Set("Authorization", credentials.Token is { } token ? "Bearer " + token : null);
        await _socket.ConnectAsync(hub, cancellationToken);
        await SendRawAsync("""{"protocol":"json","version":1}"""u8.ToArray().Append(RecordSeparator).ToArray(), cancellationToken);
        _receiving = ReceiveAsync();

        void Set(string header, string? value)
        {
            if (value is not null)
            {
                _socket.Options.SetRequestHeader(header, value);
            }
        }
    }

    /// <summary>The HTTP status of the handshake.</summary>
    public int HttpStatus => (int)_socket.HttpStatusCode;

    /// <summary>A header of the answer to the handshake.</summary>
    public string? HttpHeader(string name) =>
        _socket.HttpResponseHeaders is { } headers && headers.TryGetValue(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Calls a method with one object and returns its answer.</summary>
    /// <exception cref="HubCallException">The server answered with an error of the protocol.</exception>
    /// <exception cref="IOException">The connection ended before the answer.</exception>
    public async Task<JsonElement> CallAsync(string method, object argument, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            var frame = JsonSerializer.SerializeToUtf8Bytes(
                new { type = 1, invocationId = id, target = method, arguments = new[] { argument } }, Json);
            await SendRawAsync((byte[])[.. frame, RecordSeparator], cancellationToken);
            if (_closed.Task.IsCompleted)
            {
                answer.TrySetException(new IOException("The connection has ended."));
            }

            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Sends bytes as they are, in one text frame.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("The connection has ended.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Keeps an otherwise silent connection alive.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => SendRawAsync("{\"type\":6}\u001e"u8.ToArray(), cancellationToken);

    /// <summary>Drops the connection without a word.</summary>
    public void Abort() => _socket.Abort();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _socket.Dispose();
        if (_receiving is not null)
        {
            await _receiving;
        }

        _ended.Dispose();
        _sending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.GetMemory(4096), _ended.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                buffer.Advance(received.Count);
                TakeFrames(buffer);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Ended from either side: that is what Closed says.
        }

        _closed.TrySetResult();
        foreach (var (_, answer) in _calls)
        {
            answer.TrySetException(new IOException("The connection has ended."));
        }
    }

    private void TakeFrames(ArrayBufferWriter<byte> buffer)
    {
        var all = buffer.WrittenMemory;
        int at;
        while ((at = all.Span.IndexOf(RecordSeparator)) >= 0)
        {
            Take(all[..at]);
            all = all[(at + 1)..];
        }

        var rest = all.ToArray();
        buffer.ResetWrittenCount();
        buffer.Write(rest);
    }

    private void Take(ReadOnlyMemory<byte> frame)
    {
        var reader = new Utf8JsonReader(frame.Span);
        var type = 0;
        string? target = null;
        string? invocationId = null;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    type = reader.GetInt32();
                }
                else if (reader.ValueTextEquals("target"u8))
                {
                    reader.Read();
                    target = reader.GetString();
                }
                else if (reader.ValueTextEquals("invocationId"u8))
                {
                    reader.Read();
                    invocationId = reader.GetString();
                }
                else
                {
                    break;
                }
            }
        }

        if (type == 1 && target is not null)
        {
            onEvent(target, frame);
        }
        else if (type == 3 && invocationId is not null && _calls.TryRemove(invocationId, out var call))
        {
            var completion = JsonElement.Parse(frame.Span);
            if (completion.TryGetProperty("error", out var error))
            {
                call.TrySetException(new HubCallException(error.GetString() ?? string.Empty));
            }
            else
            {
                call.TrySetResult(completion.GetProperty("result"));
            }
        }
    }
}

/// <summary>A completion with an error: an unknown method, or arguments that do not have its shape.</summary>
public sealed class HubCallException(string message) : Exception(message);
