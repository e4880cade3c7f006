using System.Text.Json;
using System.Threading.Channels;
using OrleansChat.HubClient;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>
/// A client as docs/protocol.md asks it to be: applies a change when its rev is the next, ignores what it has, and calls
/// <c>Sync</c> when there is a hole. Keeps one conversation.
/// </summary>
internal sealed class CarefulReader : IAsyncDisposable
{
    private readonly Channel<JsonElement> _posted = Channel.CreateUnbounded<JsonElement>();
    private readonly HubConnection _connection;
    private readonly string _conversation;
    private long _rev;

    private CarefulReader(string conversation)
    {
        _conversation = conversation;
        _connection = new HubConnection((name, frame) =>
        {
            if (name == "messagePosted")
            {
                _posted.Writer.TryWrite(JsonElement.Parse(frame.Span).GetProperty("arguments")[0]);
            }
        });
    }

    internal List<(long Seq, string Text)> Messages { get; } = [];

    /// <summary>How often a hole was found.</summary>
    internal int Holes { get; private set; }

    internal static async Task<CarefulReader> ConnectAsync(ChatServer chat, string user, string conversation)
    {
        var reader = new CarefulReader(conversation);
        await reader._connection.ConnectAsync(chat.Hub, new HubCredentials { Token = chat.Helpdesk.Token(user) }, ChatServer.PatienceToken());
        await reader.SyncsAsync();
        return reader;
    }

    /// <summary>Takes what comes until the conversation has so many changes.</summary>
    internal async Task ReadsUntilAsync(long rev)
    {
        while (_rev < rev)
        {
            var posted = await _posted.Reader.ReadAsync(ChatServer.PatienceToken());
            if (posted.GetProperty("conversationId").GetString() != _conversation)
            {
                continue;
            }

            var next = posted.GetProperty("rev").GetInt64();
            if (next == _rev + 1)
            {
                Apply(next, posted.GetProperty("message"));
            }
            else if (next > _rev)
            {
                Holes++;
                await SyncsAsync();
            }
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task SyncsAsync()
    {
        var answer = await _connection.CallAsync(
            "Sync", new { conversations = new[] { new { id = _conversation, rev = _rev } } }, ChatServer.PatienceToken());
        var synced = answer.GetProperty("conversations")[0];
        if (synced.GetProperty("status").GetString() == "gone")
        {
            return; // Nobody has written yet.
        }

        foreach (var change in synced.GetProperty("changes").EnumerateArray())
        {
            Apply(change.GetProperty("rev").GetInt64(), change.GetProperty("message"));
        }
    }

    private void Apply(long rev, JsonElement message)
    {
        rev.ShouldBe(_rev + 1, "changes are contiguous");
        _rev = rev;
        Messages.Add((message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString()!));
    }
}
