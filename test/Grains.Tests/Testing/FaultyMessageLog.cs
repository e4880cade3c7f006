using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>What happens instead of one append. <paramref name="write"/> is the real one.</summary>
internal delegate Task<AppendResult> AppendFault(ConversationAppend append, Func<Task<AppendResult>> write);

/// <summary>A message log that does what the real one does, except where a test planned otherwise.</summary>
internal sealed class FaultyMessageLog(IMessageLog inner) : IMessageLog
{
    private readonly ConcurrentQueue<AppendFault> _faults = new();
    private readonly ConcurrentQueue<ConversationAppend> _appends = new();
    private readonly ConcurrentBag<Gate> _gates = [];
    private int _headReads;
    private int _headReadFailures;
    private int _changesReads;

    /// <summary>Every append that the grains tried.</summary>
    internal IReadOnlyCollection<ConversationAppend> Appends => _appends;

    /// <summary>How often a grain asked for a conversation's head.</summary>
    internal int HeadReads => _headReads;

    /// <summary>How often a grain asked for changes, of one conversation or of many.</summary>
    internal int ChangesReads => _changesReads;

    /// <summary>Decides for every append for which no fault is planned; null lets it through.</summary>
    internal AppendFault? Always { get; set; }

    /// <summary>Runs before a page of messages is read.</summary>
    internal Func<Task>? BeforeReadMessages { get; set; }

    internal static Task<AppendResult> FailsBeforeWriting(ConversationAppend append, Func<Task<AppendResult>> write) =>
        Task.FromException<AppendResult>(new StoreUnavailableException("planned, before the write"));

    internal static async Task<AppendResult> FailsAfterWriting(ConversationAppend append, Func<Task<AppendResult>> write)
    {
        await write();
        throw new StoreUnavailableException("planned, after the write");
    }

    /// <summary>The next appends end like this, in order.</summary>
    internal void Next(params AppendFault[] faults) => Array.ForEach(faults, _faults.Enqueue);

    /// <summary>The next reads of a head fail.</summary>
    internal void NextHeadReadsFail(int reads) => _headReadFailures = reads;

    /// <summary>The next append waits before it writes.</summary>
    internal Gate HoldNext()
    {
        var gate = new Gate();
        _gates.Add(gate);
        Next(async (_, write) =>
        {
            await gate.PassAsync();
            return await write();
        });
        return gate;
    }

    internal void ReleaseAll()
    {
        foreach (var gate in _gates)
        {
            gate.Open();
        }
    }

    public Task<AppendResult> AppendAsync(ConversationAppend append, CancellationToken cancellationToken)
    {
        _appends.Enqueue(append);
        return _faults.TryDequeue(out var fault) || (fault = Always) is not null
            ? fault(append, () => inner.AppendAsync(append, cancellationToken))
            : inner.AppendAsync(append, cancellationToken);
    }

    public Task<StoredConversation?> ReadConversationAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _headReads);
        return Interlocked.Decrement(ref _headReadFailures) >= 0
            ? Task.FromException<StoredConversation?>(new StoreUnavailableException("planned, reading the head"))
            : inner.ReadConversationAsync(tenant, conversation, cancellationToken);
    }

    public Task<ImmutableArray<StoredCommand>> FindCommandsAsync(
        TenantId tenant, ConversationId conversation, IReadOnlyCollection<CommandId> commands, CancellationToken cancellationToken) =>
        inner.FindCommandsAsync(tenant, conversation, commands, cancellationToken);

    public async Task<MessagesRead?> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long fromSeq, long toSeq, CancellationToken cancellationToken)
    {
        if (BeforeReadMessages is { } before)
        {
            BeforeReadMessages = null;
            await before();
        }

        return await inner.ReadMessagesAsync(tenant, conversation, viewer, fromSeq, toSeq, cancellationToken);
    }

    public Task<ChangesRead?> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, UserId? viewer, long sinceRev, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _changesReads);
        return inner.ReadChangesAsync(tenant, conversation, viewer, sinceRev, cancellationToken);
    }

    public Task<ImmutableArray<ChangesRead?>> ReadChangesOfManyAsync(
        TenantId tenant, UserId viewer, IReadOnlyCollection<SyncPoint> points, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _changesReads);
        return inner.ReadChangesOfManyAsync(tenant, viewer, points, cancellationToken);
    }

    public Task<Message?> ReadMessageAsync(TenantId tenant, ConversationId conversation, long seq, CancellationToken cancellationToken) =>
        inner.ReadMessageAsync(tenant, conversation, seq, cancellationToken);

    public Task<Message?> ReadLastCountableAsync(TenantId tenant, ConversationId conversation, long belowSeq, CancellationToken cancellationToken) =>
        inner.ReadLastCountableAsync(tenant, conversation, belowSeq, cancellationToken);

    public Task<ReactionsRead> ReadReactionsAsync(
        TenantId tenant, ConversationId conversation, long seq, string emoji, UserId user, CancellationToken cancellationToken) =>
        inner.ReadReactionsAsync(tenant, conversation, seq, emoji, user, cancellationToken);

    public Task<ImmutableArray<MessageVersion>?> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, long seq, CancellationToken cancellationToken) =>
        inner.ReadVersionsAsync(tenant, conversation, viewer, seq, cancellationToken);

    public Task<MembersRead?> ReadMembersAsync(
        TenantId tenant, ConversationId conversation, UserId viewer, UserId? after, int limit, CancellationToken cancellationToken) =>
        inner.ReadMembersAsync(tenant, conversation, viewer, after, limit, cancellationToken);

    public Task<ImmutableArray<RecentChange>> ReadRecentAsync(
        IReadOnlyCollection<TenantId> tenants, TimeSpan window, CancellationToken cancellationToken) =>
        inner.ReadRecentAsync(tenants, window, cancellationToken);
}

/// <summary>Holds what passes until it is opened, and tells when something has come.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when something waits at the gate.</summary>
    internal Task Reached => _reached.Task.WaitAsync(ChatHost.Patience);

    internal Task PassAsync()
    {
        _reached.TrySetResult();
        return _opened.Task;
    }

    internal void Open() => _opened.TrySetResult();
}
