using System.Text.Json;
using OrleansChat.HubClient;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>One connected person, in the words of the chat.</summary>
internal sealed class Participant(string user, ChatSession session) : IAsyncDisposable
{
    private bool _left;

    internal string User => user;

    internal ChatSession Session => session;

    /// <summary>The direct conversation with somebody, as <c>FindPeople</c> gives it.</summary>
    internal async Task<string> FindsAsync(string person)
    {
        var found = await CallsAsync("FindPeople", new { text = person });
        return found.GetProperty("people").EnumerateArray()
            .Single(candidate => candidate.GetProperty("userId").GetString() == person).GetProperty("conversationId").GetString()!;
    }

    /// <summary>The direct conversation with somebody, found or not.</summary>
    internal string With(string person) => ConversationId.Direct(UserId.Of(user), UserId.Of(person)).Value;

    /// <summary>Posts and expects it to be stored.</summary>
    internal async Task<JsonElement> SendsAsync(string conversation, string text, Guid? clientId = null)
    {
        var answer = await PostsAsync(conversation, text, clientId);
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.ToString());
        return answer;
    }

    /// <summary>Posts, whatever comes of it.</summary>
    internal Task<JsonElement> PostsAsync(string conversation, string text, Guid? clientId = null) =>
        session.CallAsync("Post", new { conversationId = conversation, clientId = clientId ?? Guid.NewGuid(), text });

    /// <summary>Calls a method and expects it to be answered.</summary>
    internal async Task<JsonElement> CallsAsync(string method, object request)
    {
        var answer = await session.CallAsync(method, request);
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue(answer.ToString());
        return answer;
    }

    /// <summary>Calls a method and expects a refusal with this code.</summary>
    internal async Task<JsonElement> IsRefusedAsync(string code, string method, object request)
    {
        var answer = await session.CallAsync(method, request);
        CodeOf(answer).ShouldBe(code, answer.ToString());
        return answer;
    }

    /// <summary>The message arrives, now or already.</summary>
    internal Task<JsonElement> SeesAsync(string conversation, string text) =>
        session.HearsAsync("messagePosted", posted => IsOf(posted, conversation) && TextOf(posted) == text);

    internal Task<JsonElement> HearsAsync(string eventName) => session.HearsAsync(eventName, static _ => true);

    /// <summary>The texts that have arrived so far, in the order in which they did.</summary>
    internal IReadOnlyList<string> Seen(string conversation) =>
    [
        .. session.Events
            .Where(heard => heard.Name == "messagePosted" && IsOf(heard.Payload, conversation))
            .Select(heard => TextOf(heard.Payload)),
    ];

    internal async Task<IReadOnlyList<JsonElement>> ListsAsync() =>
        [.. (await CallsAsync("ListConversations", new { })).GetProperty("conversations").EnumerateArray()];

    internal async Task<IReadOnlyList<string>> ReadsAsync(string conversation, int limit = 200) =>
    [
        .. (await CallsAsync("History", new { conversationId = conversation, anchor = "latest", limit }))
            .GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString()!),
    ];

    /// <summary>The connection ends, from the other side.</summary>
    internal Task IsClosedAsync() => session.Connection.Closed.WaitAsync(ChatServer.Patience);

    internal static string? CodeOf(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    /// <summary>Leaves; the server leaves for whoever has not.</summary>
    public ValueTask DisposeAsync() => _left ? ValueTask.CompletedTask : LeavesAsync();

    private ValueTask LeavesAsync()
    {
        _left = true;
        return session.DisposeAsync();
    }

    private static bool IsOf(JsonElement posted, string conversation) => posted.GetProperty("conversationId").GetString() == conversation;

    private static string TextOf(JsonElement posted) => posted.GetProperty("message").GetProperty("text").GetString()!;
}
