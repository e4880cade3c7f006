using System.Text.Json;

namespace OrleansChat.HubClient;

/// <summary>An event as a client hears it.</summary>
public sealed record HubEvent(string Name, JsonElement Payload);

/// <summary>One connected person in a test: calls methods, remembers every event, waits for those that a test names.</summary>
public sealed class ChatSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<HubEvent> _events = [];
    private readonly HubConnection _connection;
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChatSession() => _connection = new HubConnection(OnEvent);

    /// <summary>The connection underneath.</summary>
    public HubConnection Connection => _connection;

    /// <summary>Everything heard so far.</summary>
    public IReadOnlyList<HubEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Connects and waits for <c>welcome</c>.</summary>
    public static async Task<ChatSession> ConnectAsync(Uri hub, HubCredentials credentials, CancellationToken cancellationToken)
    {
        var session = new ChatSession();
        await session._connection.ConnectAsync(hub, credentials, cancellationToken);
        await session.HearsAsync("welcome", _ => true);
        return session;
    }

    /// <summary>Calls a method.</summary>
    public Task<JsonElement> CallAsync(string method, object request) =>
        _connection.CallAsync(method, request, new CancellationTokenSource(Patience).Token);

    /// <summary>Waits for the first event of this name that matches, heard before or from now on.</summary>
    /// <exception cref="TimeoutException">It did not come within 20 s; says what was heard.</exception>
    public async Task<JsonElement> HearsAsync(string name, Func<JsonElement, bool> matches)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task heard;
            lock (_lock)
            {
                if (_events.Find(candidate => candidate.Name == name && matches(candidate.Payload)) is { } found)
                {
                    return found.Payload;
                }

                heard = _heard.Task;
            }

            try
            {
                await heard.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited for '{name}'; heard: {string.Join(", ", Events.Select(heardEvent => heardEvent.Name))}.");
            }
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void OnEvent(string name, ReadOnlyMemory<byte> frame)
    {
        var payload = JsonElement.Parse(frame.Span).GetProperty("arguments")[0];
        TaskCompletionSource heard;
        lock (_lock)
        {
            _events.Add(new HubEvent(name, payload));
            heard = _heard;
            _heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        heard.TrySetResult();
    }
}
