using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Something to be written, waiting for its turn in a batch.</summary>
internal abstract class PostgresWork<TAnswer>
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TAnswer> Task => _answer.Task;

    internal long QueuedAt { get; set; }

    /// <summary>Log rows, for the bound of a commit.</summary>
    internal virtual int Rows => 0;

    internal void Complete(TAnswer answer) => _answer.TrySetResult(answer);

    internal void Fail(Exception exception) => _answer.TrySetException(exception);
}

internal sealed class PostgresAppend(AppendPlan plan) : PostgresWork<AppendResult>
{
    internal AppendPlan Plan => plan;

    internal override int Rows => plan.Rows;
}

internal sealed class PostgresMarkRead(MarkKey key, long upToSeq) : PostgresWork<UnreadBasis?>
{
    internal MarkKey Key => key;

    internal long UpToSeq => upToSeq;

    /// <summary>Another process moved the cursor meanwhile, and the answer shows it as it was before: ask again.</summary>
    internal bool Raced { get; set; }
}

/// <summary>One person's cursor in one conversation.</summary>
internal readonly record struct MarkKey(TenantId TenantId, ConversationId ConversationId, UserId UserId);
