using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>Cursors that move back, and all at once (rules U8, U12).</summary>
internal sealed partial class UnreadGrain
{
    private static readonly TimeSpan ClocksApartMax = TimeSpan.FromSeconds(10);

    public async Task<MarkReadResult> MarkUnreadAsync(
        Caller caller, ConversationId conversation, long fromSeq, CancellationToken cancellationToken)
    {
        if (!IsMine(caller)
            || !await inbox.MarkUnreadAsync(_key.TenantId, _key.UserId, conversation, fromSeq, cancellationToken)
            || await RowAsync(conversation, cancellationToken) is not { } row)
        {
            return new MarkReadResult();
        }

        await TellMovedAsync(conversation, row.Basis);
        return new MarkReadResult { Basis = row.Basis };
    }

    public async Task<MarkAllReadResult> MarkAllReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!IsMine(caller))
        {
            return new MarkAllReadResult { Conversations = 0 };
        }

        // The token says when it was made, and is kept with the cursors: undoing needs no memory that a host could lose.
        var undo = Guid.CreateVersion7(time.GetUtcNow());
        var moved = await inbox.MarkAllReadAsync(_key.TenantId, _key.UserId, undo, cancellationToken);
        await TellMovedAsync(moved, cancellationToken);
        return new MarkAllReadResult { Conversations = moved.Length, Undo = moved.IsEmpty ? null : undo };
    }

    public async Task<UndoMarkAllReadResult> UndoMarkAllReadAsync(Caller caller, Guid undo, CancellationToken cancellationToken)
    {
        var age = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()) - MadeAt(undo);
        if (!IsMine(caller) || age > MarkAllReadResult.UndoTime || age < -ClocksApartMax)
        {
            return new UndoMarkAllReadResult { Expired = true };
        }

        var moved = await inbox.UndoMarkAllReadAsync(_key.TenantId, _key.UserId, undo, cancellationToken);
        await TellMovedAsync(moved, cancellationToken);
        return new UndoMarkAllReadResult { Conversations = moved.Length };
    }

    /// <summary>The milliseconds since 1970 with which a UUID of version 7 begins.</summary>
    private static DateTimeOffset MadeAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var part in bytes[..6])
        {
            milliseconds = (milliseconds << 8) | part;
        }

        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : DateTimeOffset.MinValue;
    }

    private async Task TellMovedAsync(IReadOnlyCollection<ConversationId> moved, CancellationToken cancellationToken)
    {
        if (moved.Count == 0)
        {
            return;
        }

        var rows = moved.Count <= ReadCursorsMoved.CursorsMax
            ? await inbox.ReadAsync(_key.TenantId, _key.UserId, moved, cancellationToken)
            : [];
        await TellAsync(new ReadCursorsMoved
        {
            TenantId = _key.TenantId,
            UserId = _key.UserId,
            Cursors = [.. rows.Select(row => new MovedCursor { ConversationId = row.ConversationId, Basis = row.Basis })],
        });
    }
}
