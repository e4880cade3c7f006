using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations.Commands;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Where one conversation is written: a bounded queue of commands and one loop that appends them; what comes during an
/// append goes together into the next one. Runs on its grain's turns.
/// </summary>
/// <remarks>
/// The invariant that spans the awaits: only the loop appends, one append at a time, and <see cref="State"/> changes only
/// where an append or a read of the head has ended.
/// </remarks>
internal sealed partial class ConversationWriter(
    ConversationKey key,
    IMessageLog log,
    AppendedPublication publication,
    PeerCheck peers,
    ConversationOptions options,
    TimeProvider time,
    ILogger logger,
    Action leave)
{
    /// <summary>How often one batch is tried again after another writer moved the head or the store was in doubt.</summary>
    private const int AppendAttemptsMax = 3;

    internal static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Queue<ConversationCommand> _waiting = new();
    private readonly Dictionary<CommandId, ConversationCommand> _waitingById = [];
    private readonly CommandMemory _remembered = new(options.RememberedCommandsMax);

    private bool _stateKnown;
    private Task? _loading;

    /// <summary>The conversation as last known; null while it does not exist. Of meaning only after <see cref="EnsureKnownAsync"/>.</summary>
    internal ConversationState? State { get; private set; }

    /// <summary>True while an append is under way or waits.</summary>
    internal bool IsWriting { get; private set; }

    /// <summary>Answers a command after it is durable, or says why it is not done.</summary>
    /// <exception cref="StoreUnavailableException">The conversation could not be read; nothing was done.</exception>
    internal async Task<CommandResult> SubmitAsync(ConversationCommand command)
    {
        await EnsureKnownAsync();
        if (command.IsOfMembers && !ConversationRules.IsMember(key.ConversationId, State, command.Caller.UserId))
        {
            return Refused(CommandRefusal.NotFound);
        }

        if (_remembered.TryGet(command.Id, out var stored))
        {
            return ConversationRules.Repeated(stored, command.Content);
        }

        if (_waitingById.TryGetValue(command.Id, out var same))
        {
            return await same.RepeatedAsync(command.Content);
        }

        if (_waitingById.Count >= options.WaitingPostsMax)
        {
            return Refused(CommandRefusal.Overloaded, RetryPause);
        }

        _waiting.Enqueue(command);
        _waitingById.Add(command.Id, command);
        if (!IsWriting)
        {
            IsWriting = true;
            _ = WriteAsync();
        }

        return await command.Result;
    }

    /// <summary>Whether a command was stored or waits to be.</summary>
    internal async Task<bool> KnowsAsync(CommandId id) =>
        _remembered.TryGet(id, out _)
        || _waitingById.ContainsKey(id)
        || !(await log.FindCommandsAsync(key.TenantId, key.ConversationId, [id], CancellationToken.None)).IsEmpty;

    /// <summary>Reads the head unless it is known. Calls that come meanwhile wait for the same read.</summary>
    internal Task EnsureKnownAsync()
    {
        return _stateKnown ? Task.CompletedTask : _loading ??= LoadAsync();

        async Task LoadAsync()
        {
            // Never ends within the assignment above: a read of the store is always asynchronous to the turn.
            await Task.Yield();
            try
            {
                var stored = await log.ReadConversationAsync(key.TenantId, key.ConversationId, CancellationToken.None);
                State = stored is null ? null : ConversationState.Of(stored);
                _stateKnown = true;
            }
            finally
            {
                _loading = null;
            }
        }
    }

    /// <summary>Drops what memory claims; the next command begins from what is stored.</summary>
    internal void Forget()
    {
        _stateKnown = false;
        State = null;
        _remembered.Clear();
    }

    internal ConversationAppended Appended(long membersRev, ImmutableArray<ConversationChange> changes) => new()
    {
        TenantId = key.TenantId,
        ConversationId = key.ConversationId,
        MembersRev = membersRev,
        Changes = changes,
    };

    private async Task WriteAsync()
    {
        while (_waiting.Count > 0)
        {
            var batch = TakeBatch();
            try
            {
                await AppendAsync(batch);
            }
            catch (Exception exception)
            {
                // A defect of ours: nobody waits for ever, and the next append begins from the head as stored.
                Forget();
                batch.ForEach(command => command.Fail(exception));
            }

            batch.ForEach(command => _waitingById.Remove(command.Id));
        }

        IsWriting = false;
    }

    /// <summary>Commands that can share an append, in the order they came; one that cannot goes alone.</summary>
    private List<ConversationCommand> TakeBatch()
    {
        var batch = new List<ConversationCommand>(Math.Min(_waiting.Count, options.AppendPostsMax)) { _waiting.Dequeue() };
        while (batch[0].SharesAppends && batch.Count < options.AppendPostsMax && _waiting.TryPeek(out var next) && next.SharesAppends)
        {
            batch.Add(_waiting.Dequeue());
        }

        return batch;
    }

    /// <summary>Gives every command of the batch its answer.</summary>
    private async Task AppendAsync(List<ConversationCommand> batch)
    {
        var open = batch;
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            if (attempt > AppendAttemptsMax)
            {
                open.ForEach(command => command.Answer(Refused(CommandRefusal.Unavailable, RetryPause)));
                return;
            }

            try
            {
                if (!_stateKnown)
                {
                    await EnsureKnownAsync();
                    open = Answer(open, await FindStoredAsync(open));
                }

                var writes = await DecideAsync(open);
                open = [.. writes.Select(write => write.Command)];
                if (open.Count == 0)
                {
                    return;
                }

                switch (await AppendOnceAsync(writes))
                {
                    case AppendResult.Appended:
                        return;
                    case AppendResult.Duplicates duplicates:
                        open = Answer(open, duplicates.Commands);
                        attempt--; // Fewer commands each time: this ends by itself.
                        break;
                    case AppendResult.Fenced:
                        Log.Fenced(logger, key.TenantId, key.ConversationId, State?.Head.Rev ?? 0);
                        Forget();
                        leave(); // Another activation writes too; the next call finds the one that stays.
                        break;
                    case AppendResult.Rejected rejected when open.Count == 1:
                        Log.PostRejected(logger, key.TenantId, key.ConversationId, rejected.Reason);
                        open[0].Answer(Refused(CommandRefusal.TextInvalid));
                        return;
                    case AppendResult.Rejected:
                        foreach (var command in open)
                        {
                            await AppendAsync([command]);
                        }

                        return;
                }
            }
            catch (StoreUnavailableException exception)
            {
                Log.AppendUncertain(logger, key.TenantId, key.ConversationId, exception);
                Forget();
            }
        }
    }

    /// <summary>Decides one command after the other, each by what those before it will leave behind; answers those that write nothing.</summary>
    private async Task<List<Planned>> DecideAsync(List<ConversationCommand> commands)
    {
        var now = StoredTime.Truncate(time.GetUtcNow()); // What is answered and published is what is stored.
        var writes = new List<Planned>(commands.Count);
        var state = State;
        foreach (var command in commands)
        {
            switch (await command.DecideAsync(new DecisionContext(key, state, now, log, peers, options)))
            {
                case Decision.Write write:
                    state ??= write.Creates!.Value.State;
                    var seq = state.Head.Seq + (write.Entry is MessageEntry ? 1 : 0);
                    var rev = state.Head.Rev + 1;
                    state = write.Apply(state, seq, rev) with { Head = new Head { Rev = rev, Seq = seq } };
                    writes.Add(new Planned(command, write, seq, rev, state));
                    break;
                case Decision.Nothing nothing:
                    await AnswerUnlessStoredAsync(command, new CommandResult { Seq = nothing.Seq, Rev = state?.Head.Rev ?? 0, Time = now });
                    break;
                case Decision.Refused { Result.Refusal: CommandRefusal.NotFound } refused:
                    command.Answer(refused.Result); // Who was a member when the command came may have been removed while it waited.
                    break;
                case Decision.Refused refused:
                    await AnswerUnlessStoredAsync(command, refused.Result);
                    break;
            }
        }

        return writes;
    }

    /// <summary>A command that cannot be done now may have been done before: then it is answered with what it caused (rule M3).</summary>
    private async Task AnswerUnlessStoredAsync(ConversationCommand command, CommandResult result)
    {
        if (Answer([command], await FindStoredAsync([command])).Count > 0)
        {
            command.Answer(result);
        }
    }

    /// <summary>One append: write, apply, answer, publish.</summary>
    private async Task<AppendResult> AppendOnceAsync(List<Planned> writes)
    {
        var result = await log.AppendAsync(
            new ConversationAppend
            {
                TenantId = key.TenantId,
                ConversationId = key.ConversationId,
                Expected = State?.Head,
                Creation = writes[0].Write.Creates?.Creation,
                Entries = [.. writes.Select(write => write.Write.Entry)],
                Begins = [.. writes.SelectMany(write => write.Write.Begins)],
                Ends = [.. writes.SelectMany(write => write.Write.Ends)],
                Title = State is null ? null : writes[^1].Write.Title,
                LastCountable = writes[^1].Write.LastCountable,
                Retention = writes[^1].Write.Retention,
                Audits = [.. writes.SelectMany(write => write.Write.Audits)],
            },
            CancellationToken.None);
        if (result is AppendResult.Appended)
        {
            State = writes[^1].After;
            AnswerAndPublish(writes);
        }

        return result;
    }

    private void AnswerAndPublish(List<Planned> writes)
    {
        var changes = ImmutableArray.CreateBuilder<ConversationChange>(writes.Count);
        foreach (var (command, write, seq, rev, _) in writes)
        {
            var stored = new StoredCommand { Id = command.Id, Seq = write.AnswerSeq ?? seq, Rev = rev, At = write.Entry.At, ContentHash = command.Content };
            _remembered.Remember(stored);
            command.Answer(write.Answer(new CommandResult { Seq = stored.Seq, Rev = rev, Time = stored.At }));
            changes.Add(write.Change(seq, rev));
        }

        publication.Publish(Appended(State!.MembersRev, changes.MoveToImmutable()));
    }

    private Task<ImmutableArray<StoredCommand>> FindStoredAsync(List<ConversationCommand> commands) =>
        log.FindCommandsAsync(key.TenantId, key.ConversationId, [.. commands.Select(command => command.Id)], CancellationToken.None);

    /// <summary>Answers those that the log has.</summary>
    /// <returns>The others.</returns>
    private List<ConversationCommand> Answer(List<ConversationCommand> commands, ImmutableArray<StoredCommand> stored)
    {
        foreach (var command in stored)
        {
            _remembered.Remember(command);
        }

        var open = new List<ConversationCommand>(commands.Count);
        foreach (var command in commands)
        {
            if (stored.FirstOrDefault(candidate => candidate.Id == command.Id) is { } found)
            {
                command.Answer(ConversationRules.Repeated(found, command.Content));
            }
            else
            {
                open.Add(command);
            }
        }

        return open;
    }

    internal static CommandResult Refused(CommandRefusal refusal, TimeSpan? retryAfter = null) => new() { Refusal = refusal, RetryAfter = retryAfter };

    /// <summary>A command with what it writes, its counters, and how the conversation stands after it.</summary>
    private readonly record struct Planned(ConversationCommand Command, Decision.Write Write, long Seq, long Rev, ConversationState After);
}
