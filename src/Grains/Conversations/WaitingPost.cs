using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Grains.Conversations;

/// <summary>A post between its acceptance by the rules and its answer.</summary>
internal sealed class WaitingPost(CommandId id, string authorName, string text, ContentHash content)
{
    private readonly TaskCompletionSource<PostResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CommandId Id => id;

    internal ContentHash Content => content;

    internal Task<PostResult> Result => _answer.Task;

    internal void Answer(PostResult result) => _answer.TrySetResult(result);

    internal void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>The answer to a second command with the same id while the first one waits (rule M3).</summary>
    internal async Task<PostResult> RepeatedAsync(ContentHash repeated)
    {
        var result = await Result;
        if (result.Refusal is not null)
        {
            return result;
        }

        return repeated == content ? result with { Duplicate = true } : new PostResult { Refusal = PostRefusal.ClientIdReused };
    }

    internal MessageEntry Entry(DateTimeOffset now) => new()
    {
        At = now,
        Kind = MessageKind.Text,
        AuthorId = id.AuthorId,
        ClientId = id.ClientId,
        Text = text,
    };

    internal Message Message(long seq, long rev, DateTimeOffset now) => new()
    {
        Seq = seq,
        Rev = rev,
        Kind = MessageKind.Text,
        AuthorId = id.AuthorId,
        AuthorName = authorName,
        ClientId = id.ClientId,
        Text = text,
        Time = now,
    };
}
