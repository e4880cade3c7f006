using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using OrleansChat.Checker;
using OrleansChat.HubClient;

namespace OrleansChat.Faults.Tests;

/// <summary>
/// One person's client, as the web client behaves: repeats a command with its id until it is answered, reconnects for ever
/// with growing random pauses, catches up with Sync, applies changes by rev. Everything it does and sees goes into the history.
/// </summary>
internal sealed class ChatClient : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);
    private static readonly string[] PassingErrors = ["unavailable", "timeout", "overloaded", "rateLimited"];

    private readonly Uri _address;
    private readonly History _history;
    private readonly Random _random;
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Rev, long Seq)> _shown;
    private readonly Task _running;
    private TaskCompletionSource<HubConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ChatClient(Uri address, string name, string user, IEnumerable<string> conversations, History history, int seed)
    {
        (_address, Name, User, _history, _random) = (address, name, user, history, new Random(seed));
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = address, Timeout = AnswerTimeMax };
        _shown = conversations.ToDictionary(conversation => conversation, _ => (0L, 0L));
        _running = RunAsync();
    }

    internal string Name { get; }

    internal string User { get; }

    internal IReadOnlyCollection<string> Conversations => _shown.Keys;

    /// <summary>How often it connected.</summary>
    internal int Connects { get; private set; }

    /// <summary>Ends when the message is acknowledged or refused for good, however often the gateway dies meanwhile.</summary>
    internal async Task<long?> PostAsync(string conversation, string text, Guid id)
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
    internal async Task ShowsAsync(string conversation, long rev, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_shown[conversation].Rev >= rev)
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
    internal async Task<long> ReadAllAsync(string conversation)
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

    /// <summary>The id of a group by its title.</summary>
    internal static async Task<string> FindGroupAsync(Uri address, string user, string title)
    {
        using var http = new HttpClient { BaseAddress = address };
        await using var session = await ChatSession.ConnectAsync(HubOf(address), new HubCredentials
        {
            Cookie = await SignInAsync(http, address, user, CancellationToken.None),
            Origin = OriginOf(address),
        }, CancellationToken.None);
        var list = await session.CallAsync("ListConversations", new { });
        return list.GetProperty("conversations").EnumerateArray()
            .Single(conversation => conversation.TryGetProperty("title", out var named) && named.GetString() == title)
            .GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _http.Dispose();
        _stopping.Dispose();
    }

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static Uri HubOf(Uri address) => new($"ws://{address.Authority}/hub");

    private static async Task<string> SignInAsync(HttpClient http, Uri address, string user, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/development/session") { Content = JsonContent.Create(new { userId = user }) };
        request.Headers.Add("Origin", OriginOf(address));
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task RunAsync()
    {
        var failures = 0;
        string? cookie = null;
        while (!_stopping.IsCancellationRequested)
        {
            var frames = Channel.CreateUnbounded<(string Name, ReadOnlyMemory<byte> Frame)>();
            var connection = new HubConnection((name, frame) => frames.Writer.TryWrite((name, frame.ToArray())));
            try
            {
                cookie ??= await SignInAsync(_http, _address, User, _stopping.Token);
                await connection.ConnectAsync(HubOf(_address), new HubCredentials { Cookie = cookie, Origin = OriginOf(_address) }, _stopping.Token);
                _ = connection.Closed.ContinueWith(_ => frames.Writer.TryComplete(), TaskScheduler.Default);
                await TalkAsync(connection, frames.Reader, () => failures = 0);
            }
            catch (Exception exception) when (exception is IOException or WebSocketException or HttpRequestException or OperationCanceledException)
            {
                if (connection.HttpStatus == (int)HttpStatusCode.Unauthorized)
                {
                    cookie = null;
                }
            }

            lock (_lock)
            {
                if (_connected.Task.IsCompleted)
                {
                    _connected = new TaskCompletionSource<HubConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await connection.DisposeAsync();
            await PauseAsync(failures++);
        }
    }

    /// <summary>The web client's backoff with full jitter, in a tenth of its times.</summary>
    private Task PauseAsync(int failures)
    {
        var most = TimeSpan.FromMilliseconds(100 << Math.Min(failures, 4));
        var pause = _random.NextDouble() * (most < PauseMax ? most : PauseMax);
        return Task.Delay(pause, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Registered (welcome), then read (Sync), then live: until the connection ends.</summary>
    private async Task TalkAsync(HubConnection connection, ChannelReader<(string Name, ReadOnlyMemory<byte> Frame)> frames, Action succeeded)
    {
        await foreach (var (name, frame) in frames.ReadAllAsync(_stopping.Token))
        {
            var payload = JsonElement.Parse(frame.Span).GetProperty("arguments")[0];
            switch (name)
            {
                case "welcome":
                    await SyncAsync(connection, Conversations);
                    Connects++;
                    succeeded();
                    lock (_lock)
                    {
                        _connected.TrySetResult(connection);
                    }

                    break;
                case "messagePosted":
                    await TakeAsync(connection, payload);
                    break;
                case "resync":
                    await SyncAsync(connection, Conversations);
                    break;
            }
        }
    }

    private async Task TakeAsync(HubConnection connection, JsonElement posted)
    {
        var conversation = posted.GetProperty("conversationId").GetString()!;
        var message = posted.GetProperty("message");
        _history.Add(Told(Operation.Push, conversation, message));
        if (posted.GetProperty("rev").GetInt64() > _shown[conversation].Rev + 1)
        {
            await SyncAsync(connection, [conversation]);
        }

        Show(conversation, message);
    }

    private async Task SyncAsync(HubConnection connection, IEnumerable<string> conversations)
    {
        var answer = await ReadAsync(connection, "Sync", new { conversations = conversations.Select(id => new { id, rev = _shown[id].Rev }).ToArray() });
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
                    await foreach (var page in PagesAsync(connection, conversation, _shown[conversation].Seq))
                    {
                        foreach (var message in page.GetProperty("messages").EnumerateArray())
                        {
                            Show(conversation, message);
                        }
                    }

                    break;
            }
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
            if (rev != _shown[conversation].Rev + 1)
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

    private async Task<HubConnection> ConnectedAsync()
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
