using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>What somebody wants done in a conversation, between its acceptance and its answer.</summary>
internal abstract class ConversationCommand(Caller caller, Guid clientId, ContentHash content)
{
    private readonly TaskCompletionSource<CommandResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Caller Caller => caller;

    internal CommandId Id { get; } = new(caller.UserId, clientId);

    /// <summary>Tells a repetition from another command with the same id (rule M3).</summary>
    internal ContentHash Content => content;

    internal Task<CommandResult> Result => _answer.Task;

    /// <summary>True for what is decided by the state and the command alone: several of them can go into one append.</summary>
    internal virtual bool SharesAppends => false;

    /// <summary>False for what somebody may do who is no member yet.</summary>
    internal virtual bool IsOfMembers => true;

    /// <summary>What is to be written, or why not. Reads the log where the answer depends on a message.</summary>
    internal abstract ValueTask<Decision> DecideAsync(DecisionContext context);

    internal void Answer(CommandResult result) => _answer.TrySetResult(result);

    internal void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>The answer to a second command with the same id while the first one waits.</summary>
    internal async Task<CommandResult> RepeatedAsync(ContentHash repeated)
    {
        var result = await Result;
        if (result.Refusal is not null)
        {
            return result;
        }

        return repeated == content ? result with { Duplicate = true } : new CommandResult { Refusal = CommandRefusal.ClientIdReused };
    }

    private protected static Decision Refuse(CommandRefusal refusal) => new Decision.Refused(new CommandResult { Refusal = refusal });
}

/// <summary>What a command is decided by.</summary>
/// <param name="Key">Which conversation.</param>
/// <param name="State">How it stands, with what stands before this command in the same append; null while it does not exist.</param>
/// <param name="Now">Server time of the change.</param>
/// <param name="Log">For the message that the command is about.</param>
/// <param name="Peers">Whether the people of a direct conversation can write to each other.</param>
/// <param name="Options">Bounds.</param>
internal sealed record DecisionContext(
    ConversationKey Key, ConversationState? State, DateTimeOffset Now, IMessageLog Log, PeerCheck Peers, ConversationOptions Options)
{
    internal Task<Message?> ReadMessageAsync(long seq) => Log.ReadMessageAsync(Key.TenantId, Key.ConversationId, seq, CancellationToken.None);
}

/// <summary>What becomes of a command.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Nothing may be done.</summary>
    internal sealed record Refused(CommandResult Result) : Decision;

    /// <summary>It is so already.</summary>
    /// <param name="Seq">The message it is about; 0 for none.</param>
    internal sealed record Nothing(long Seq = 0) : Decision;

    /// <summary>One entry is to be appended, with what belongs to it.</summary>
    internal sealed record Write : Decision
    {
        internal required LogEntry Entry { get; init; }

        /// <summary>The change as it is told, by its seq (of the head after it) and rev.</summary>
        internal required Func<long, long, ConversationChange> Change { get; init; }

        /// <summary>How the conversation stands after it, by its seq and rev; the counters are moved by the writer.</summary>
        internal Func<ConversationState, long, long, ConversationState> Apply { get; init; } = static (state, _, _) => state;

        /// <summary>What is created, and its state before the entry; of the first entry only.</summary>
        internal (ConversationCreation Creation, ConversationState State)? Creates { get; init; }

        internal IReadOnlyList<MembershipBegin> Begins { get; init; } = [];

        internal IReadOnlyList<MembershipEnd> Ends { get; init; } = [];

        internal string? Title { get; init; }

        internal (long Seq, DateTimeOffset At)? LastCountable { get; init; }

        /// <summary>How long the conversation is kept from now on; of an entry that goes alone.</summary>
        internal ConversationRetention? Retention { get; init; }

        internal IReadOnlyList<AuditEntry> Audits { get; init; } = [];

        /// <summary>The message that is answered for, where it is not the one that is posted.</summary>
        internal long? AnswerSeq { get; init; }

        /// <summary>Completes the answer.</summary>
        internal Func<CommandResult, CommandResult> Answer { get; init; } = static result => result;
    }
}
