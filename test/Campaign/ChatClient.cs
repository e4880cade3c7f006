using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using OrleansChat.Checker;
using OrleansChat.HubClient;

namespace OrleansChat.Campaign;

/// <summary>
/// One person's client, as the web client behaves: repeats a command with its id until it is answered, reconnects for ever
/// with growing random pauses, catches up with Sync, applies changes by rev. Everything it does and sees goes into the history.
/// </summary>
public sealed class ChatClient : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(10);
    private static readonly string[] PassingErrors = ["unavailable", "timeout", "overloaded", "rateLimited"];

    private readonly IReadOnlyList<Uri> _gateways;
    private readonly Entrance _entrance;
    private readonly Backoff _backoff;
    private readonly History _history;
    private readonly Random _random;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Rev, long Seq)> _shown;
    private readonly List<Connect> _connects = [];
    private readonly Task _running;
    private TaskCompletionSource<HubConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HubConnection? _connection;
    private int _next;
    private TimeSpan _retryAfter;

    /// <summary>Begins to connect.</summary>
    /// <param name="gateways">Where to connect: the first, and the next one in turn whenever one is gone or does not answer.</param>
    /// <param name="entrance">How it shows who it is.</param>
    /// <param name="backoff">How long it waits between attempts.</param>
    /// <param name="name">The client; a person can have several.</param>
    /// <param name="user">The person.</param>
    /// <param name="conversations">What it holds from the start; it learns of others by being told.</param>
    /// <param name="history">Where everything goes.</param>
    /// <param name="seed">Of its pauses.</param>
    public ChatClient(
        IReadOnlyList<Uri> gateways, Entrance entrance, Backoff backoff, string name, string user, IEnumerable<string> conversations, History history, int seed)
    {
        (_gateways, _entrance, _backoff, Name, User, _history, _random) = (gateways, entrance, backoff, name, user, history, new Random(seed));
        _shown = conversations.ToDictionary(conversation => conversation, _ => (0L, 0L));
        _running = RunAsync();
    }

    public string Name { get; }

    public string User { get; }

    /// <summary>What it shows now.</summary>
    public IReadOnlyCollection<string> Conversations
    {
        get
        {
            lock (_lock)
            {
                return [.. _shown.Keys];
            }
        }
    }

    /// <summary>When it had connected and caught up, and where.</summary>
    public IReadOnlyList<Connect> Connects
    {
        get
        {
            lock (_lock)
            {
                return [.. _connects];
            }
        }
    }

    /// <summary>Waits until it has connected after a moment of the history.</summary>
    public async Task BackAsync(long since)
    {
        while (true)
        {
            Task again;
            lock (_lock)
            {
                if (_connects.Exists(connect => connect.T > since))
                {
                    return;
                }

                again = _again.Task;
            }

            await again;
        }
    }

    /// <summary>Leaves its gateway for another one, as if its network had changed.</summary>
    public void MoveTo(Uri gateway)
    {
        lock (_lock)
        {
            _next = _gateways.ToList().IndexOf(gateway);
            _connection?.Abort();
        }
    }

    /// <summary>Ends when the message is acknowledged or refused for good, however often the gateway dies meanwhile.</summary>
    public async Task<long?> PostAsync(string conversation, string text, Guid id)
    {
        var entry = new HistoryEntry
        {
            Client = Name,
            User = User,
            Op = Operation.Post,
            Phase = Phase.Invoke,
            Conversation = conversation,
            Id = id,
            Hash = History.HashOf(text),
        };
        while (true)
        {
            var connection = await ConnectedAsync();
            _history.Add(entry);
            JsonElement answer;
            try
            {
                answer = await CallAsync(connection, "Post", new { conversationId = conversation, clientId = id, text });
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                _history.Add(entry with { Phase = Phase.Info, Note = "no answer" });
                Drop(connection);
                continue;
            }

            if (answer.GetProperty("ok").GetBoolean())
            {
                var seq = answer.GetProperty("seq").GetInt64();
                _history.Add(entry with
                {
                    Phase = Phase.Ok,
                    Seq = seq,
                    Rev = answer.GetProperty("rev").GetInt64(),
                    Time = answer.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                    Note = answer.GetProperty("duplicate").GetBoolean() ? "duplicate" : null,
                });
                return seq;
            }

            var error = answer.GetProperty("error");
            var code = error.GetProperty("code").GetString()!;
            if (!PassingErrors.Contains(code))
            {
                _history.Add(entry with { Phase = Phase.Fail, Note = code });
                return null;
            }

            _history.Add(entry with { Phase = Phase.Info, Note = code });
            await Task.Delay(error.TryGetProperty("retryAfterMs", out var pause) ? pause.GetInt32() : 100, _stopping.Token);
        }
    }

    /// <summary>Waits until the client shows the conversation up to this rev.</summary>
    public async Task ShowsAsync(string conversation, long rev, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_shown.GetValueOrDefault(conversation).Rev >= rev)
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                // Said by the checker, which knows what is missing.
                return;
            }
        }
    }

    /// <summary>Reads the whole conversation afresh into the history.</summary>
    /// <returns>Its head's rev.</returns>
    public async Task<long> ReadAllAsync(string conversation)
    {
        var rev = 0L;
        await foreach (var page in PagesAsync(await ConnectedAsync(), conversation, 0))
        {
            rev = page.GetProperty("head").GetProperty("rev").GetInt64();
            foreach (var message in page.GetProperty("messages").EnumerateArray())
            {
                _history.Add(Told(Operation.Read, conversation, message));
            }
        }

        return rev;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            var frames = Channel.CreateUnbounded<(string Name, ReadOnlyMemory<byte> Frame)>();
            var connection = new HubConnection((name, frame) => frames.Writer.TryWrite((name, frame.ToArray())));
            var gateway = Next(connection);
            try
            {
                await ConnectAsync(connection, gateway);
                _ = connection.Closed.ContinueWith(_ => frames.Writer.TryComplete(), TaskScheduler.Default);
                await TalkAsync(connection, gateway, frames.Reader, () => failures = 0);
            }
            catch (Exception exception) when (exception is IOException or WebSocketException or HttpRequestException or OperationCanceledException)
            {
                if (connection.HttpStatus == (int)HttpStatusCode.Unauthorized)
                {
                    _entrance.Refused();
                }
            }

            lock (_lock)
            {
                _connection = null;
                if (_connected.Task.IsCompleted)
                {
                    _connected = new TaskCompletionSource<HubConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await connection.DisposeAsync();
            await PauseAsync(failures++);
        }
    }

    private Uri Next(HubConnection connection)
    {
        lock (_lock)
        {
            _connection = connection;
            return _gateways[_next++ % _gateways.Count];
        }
    }

    private async Task ConnectAsync(HubConnection connection, Uri gateway)
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        impatient.CancelAfter(AnswerTimeMax);
        var credentials = await _entrance.EnterAsync(gateway, impatient.Token);
        await connection.ConnectAsync(new Uri($"ws://{gateway.Authority}/hub"), credentials, impatient.Token);
    }

    private Task PauseAsync(int failures)
    {
        var pause = _backoff.Pause(failures, _random);
        pause = pause > _retryAfter ? pause : _retryAfter;
        _retryAfter = TimeSpan.Zero;
        return Task.Delay(pause, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Registered (welcome), then read (Sync), then live: until the connection ends.</summary>
    private async Task TalkAsync(HubConnection connection, Uri gateway, ChannelReader<(string Name, ReadOnlyMemory<byte> Frame)> frames, Action succeeded)
    {
        await foreach (var (name, frame) in frames.ReadAllAsync(_stopping.Token))
        {
            var payload = JsonElement.Parse(frame.Span).GetProperty("arguments")[0];
            switch (name)
            {
                case "welcome":
                    await SyncAsync(connection, Conversations);
                    succeeded();
                    lock (_lock)
                    {
                        _connects.Add(new Connect(_history.Now, gateway));
                        _connected.TrySetResult(connection);
                        _again.SetResult();
                        _again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    }

                    break;
                case "messagePosted":
                    await TakeAsync(connection, payload);
                    break;
                case "resync":
                    await SyncAsync(connection, Conversations);
                    break;
                case "closing":
                    _retryAfter = TimeSpan.FromMilliseconds(payload.TryGetProperty("retryAfterMs", out var pause) ? pause.GetInt32() : 0);
                    break;
            }
        }
    }

    private async Task TakeAsync(HubConnection connection, JsonElement posted)
    {
        var conversation = posted.GetProperty("conversationId").GetString()!;
        var message = posted.GetProperty("message");
        _history.Add(Told(Operation.Push, conversation, message));
        if (posted.GetProperty("rev").GetInt64() > ShownOf(conversation).Rev + 1)
        {
            await SyncAsync(connection, [conversation]);
        }

        Show(conversation, message);
    }

    private async Task SyncAsync(HubConnection connection, IEnumerable<string> conversations)
    {
        var points = conversations.Select(id => new { id, rev = ShownOf(id).Rev }).ToArray();
        if (points.Length == 0)
        {
            return;
        }

        var answer = await ReadAsync(connection, "Sync", new { conversations = points });
        foreach (var synced in answer.GetProperty("conversations").EnumerateArray())
        {
            var conversation = synced.GetProperty("id").GetString()!;
            switch (synced.GetProperty("status").GetString())
            {
                case "changes":
                    foreach (var change in synced.GetProperty("changes").EnumerateArray())
                    {
                        Show(conversation, change.GetProperty("message"));
                    }

                    break;
                case "reset":
                    await foreach (var page in PagesAsync(connection, conversation, ShownOf(conversation).Seq))
                    {
                        foreach (var message in page.GetProperty("messages").EnumerateArray())
                        {
                            Show(conversation, message);
                        }
                    }

                    break;
                case "gone":
                    lock (_lock)
                    {
                        _shown.Remove(conversation);
                    }

                    break;
            }
        }
    }

    private (long Rev, long Seq) ShownOf(string conversation)
    {
        lock (_lock)
        {
            return _shown.GetValueOrDefault(conversation);
        }
    }

    /// <summary>Every page after a seq, to the end.</summary>
    private static async IAsyncEnumerable<JsonElement> PagesAsync(HubConnection connection, string conversation, long seq)
    {
        const int limit = 200;
        var page = seq == 0
            ? await ReadAsync(connection, "History", new { conversationId = conversation, anchor = "around", seq = 1, limit })
            : await ReadAsync(connection, "History", new { conversationId = conversation, anchor = "after", seq, limit });
        while (page.GetProperty("messages").GetArrayLength() is > 0 and var length)
        {
            yield return page;
            seq = page.GetProperty("messages")[length - 1].GetProperty("seq").GetInt64();
            page = await ReadAsync(connection, "History", new { conversationId = conversation, anchor = "after", seq, limit });
        }
    }

    /// <summary>Applies a message if it is the next one: twice is once, and nothing leaves a hole.</summary>
    private void Show(string conversation, JsonElement message)
    {
        var rev = message.GetProperty("rev").GetInt64();
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (rev != _shown.GetValueOrDefault(conversation).Rev + 1)
            {
                return;
            }

            _shown[conversation] = (rev, message.GetProperty("seq").GetInt64());
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _history.Add(Told(Operation.Apply, conversation, message));
        changed.TrySetResult();
    }

    private HistoryEntry Told(Operation operation, string conversation, JsonElement message) => new()
    {
        Client = Name,
        User = User,
        Op = operation,
        Phase = Phase.Ok,
        Conversation = conversation,
        Id = message.GetProperty("clientId").GetGuid(),
        Hash = History.HashOf(message.GetProperty("text").GetString()!),
        Author = message.GetProperty("author").GetProperty("userId").GetString(),
        Seq = message.GetProperty("seq").GetInt64(),
        Rev = message.GetProperty("rev").GetInt64(),
        Time = message.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(),
    };

    /// <summary>Waits until it is connected and has caught up.</summary>
    public async Task<HubConnection> ConnectedAsync()
    {
        Task<HubConnection> connected;
        lock (_lock)
        {
            connected = _connected.Task;
        }

        return await connected.WaitAsync(_stopping.Token);
    }

    /// <summary>A connection without an answer is given up; the client then makes another.</summary>
    private void Drop(HubConnection connection)
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompletedSuccessfully && _connected.Task.Result == connection)
            {
                _connected = new TaskCompletionSource<HubConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        connection.Abort();
    }

    private static async Task<JsonElement> CallAsync(HubConnection connection, string method, object request)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeMax);
        return await connection.CallAsync(method, request, deadline.Token);
    }

    /// <summary>A reading call, repeated while the gateway says that this will pass.</summary>
    private static async Task<JsonElement> ReadAsync(HubConnection connection, string method, object request)
    {
        while (true)
        {
            var answer = await CallAsync(connection, method, request);
            if (answer.GetProperty("ok").GetBoolean())
            {
                return answer;
            }

            var error = answer.GetProperty("error");
            var code = error.GetProperty("code").GetString();
            if (!PassingErrors.Contains(code))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{method} was refused: {error}"));
            }

            await Task.Delay(error.TryGetProperty("retryAfterMs", out var pause) ? pause.GetInt32() : 100);
        }
    }
}
