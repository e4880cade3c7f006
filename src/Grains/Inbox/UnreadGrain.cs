using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>
/// One person's inbox. The person's sessions call it for the chat list and to mark as read; it owns nothing in memory:
/// counts are the store's (rule U4), memberships are current because every statement checks them.
/// </summary>
[GrainType("unread")]
internal sealed partial class UnreadGrain(
    IInboxStore inbox,
    IMessageLog messageLog,
    IEventPublisher publisher,
    IOptions<InboxOptions> options,
    IOptions<ConversationOptions> conversations,
    TimeProvider time) : Grain, IUnreadGrain
{
    private UserKey _key;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = UserKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<InboxPage> ListAsync(InboxQuery query, CancellationToken cancellationToken)
    {
        if (!IsMine(query.Caller))
        {
            return new InboxPage { Rows = [] };
        }

        var among = string.IsNullOrEmpty(query.Filter) ? null : (IReadOnlyCollection<ConversationId>?)await NamedAsync(query.Filter, cancellationToken);
        return await inbox.ListAsync(_key.TenantId, _key.UserId, among, query.After, query.Limit, cancellationToken);
    }

    public async Task<ImmutableArray<InboxRow>> ReadAsync(
        Caller caller, ImmutableArray<ConversationId> conversations, CancellationToken cancellationToken) =>
        IsMine(caller) ? await inbox.ReadAsync(_key.TenantId, _key.UserId, conversations, cancellationToken) : [];

    public async Task<ImmutableArray<SyncedConversation>> SyncAsync(
        Caller caller, ImmutableArray<SyncPoint> points, CancellationToken cancellationToken)
    {
        var rows = (await ReadAsync(caller, [.. points.Select(point => point.ConversationId).Distinct()], cancellationToken))
            .ToDictionary(row => row.ConversationId);
        var behind = points.Where(point => rows.TryGetValue(point.ConversationId, out var row) && row.Head.Rev != point.Rev).Distinct().ToArray();
        var reads = behind.Zip(behind.Length == 0 ? [] : await messageLog.ReadChangesOfManyAsync(_key.TenantId, _key.UserId, behind, cancellationToken))
            .ToDictionary(read => read.First, read => read.Second);
        return [.. points.Select(point => Synced(point, rows.GetValueOrDefault(point.ConversationId), reads))];
    }

    public async Task<MarkReadResult> MarkReadAsync(
        Caller caller, ConversationId conversation, long upToSeq, CancellationToken cancellationToken)
    {
        if (!IsMine(caller)
            || await inbox.MarkReadAsync(_key.TenantId, _key.UserId, conversation, upToSeq, cancellationToken) is not { } basis)
        {
            return new MarkReadResult();
        }

        await TellMovedAsync(conversation, basis);
        return new MarkReadResult { Basis = basis };
    }

    private static SyncedConversation Synced(SyncPoint point, InboxRow? row, Dictionary<SyncPoint, ChangesRead?> reads)
    {
        var level = !reads.TryGetValue(point, out var read);
        return new SyncedConversation
        {
            ConversationId = point.ConversationId,
            Row = level || read is not null ? row : null, // Behind and not read: no member any more.
            Reset = read is { Reset: true },
            Changes = row is null ? [] : [.. (read?.Changes ?? []).Select(change => WithLastMessage(change, row))],
        };
    }

    /// <summary>A deletion that is told again says what the chat list shows now.</summary>
    private static ConversationChange WithLastMessage(ConversationChange change, InboxRow row) => change.Deleted is { } deleted
        ? change with { Deleted = deleted with { LastMessage = row.LastMessage, LastActivity = row.LastActivity } }
        : change;

    private Task TellMovedAsync(ConversationId conversation, UnreadBasis basis) =>
        TellAsync(new ReadCursorMoved { TenantId = _key.TenantId, UserId = _key.UserId, ConversationId = conversation, Basis = basis });

    /// <summary>Tells sessions what is committed; whatever becomes of it, the call that caused it is answered.</summary>
    private async Task TellAsync(TenantSignal signal) =>
        await PublishAsync(signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>Asynchronous, so that a publisher that throws at once fails the task only.</summary>
    private async Task PublishAsync(TenantSignal signal) => await publisher.PublishAsync(signal);

    /// <summary>The caller's row of a conversation now; null when it is none of theirs.</summary>
    private async Task<InboxRow?> RowAsync(ConversationId conversation, CancellationToken cancellationToken) =>
        await inbox.ReadAsync(_key.TenantId, _key.UserId, [conversation], cancellationToken) is [var row] ? row : null;

    private bool IsMine(Caller caller) => caller.TenantId == _key.TenantId && caller.UserId == _key.UserId;
}
