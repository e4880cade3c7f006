using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>Reads a conversation as lines of an archive, in order of <c>rev</c>, a bounded part at a time.</summary>
internal sealed class ArchiveReader(IArchiveStore store)
{
    private const int RowsMax = 200;

    /// <summary>The part behind a position; empty at the conversation's end.</summary>
    internal async Task<(ImmutableArray<string> Lines, ArchivePosition Next)> ReadAsync(
        TenantId tenant, ArchivePosition after, CancellationToken cancellationToken)
    {
        var conversation = after.ConversationId;
        var messages = await store.ReadMessagesAsync(tenant, conversation, after.Seq, RowsMax, cancellationToken);
        var changes = await store.ReadChangesAsync(tenant, conversation, after.Rev, RowsMax, cancellationToken);

        // A change belongs between messages: only up to where both are known.
        var horizon = Math.Min(
            messages.More ? messages.Rows[^1].Rev : long.MaxValue,
            changes.More ? changes.Rows[^1].Rev : long.MaxValue);
        var posted = messages.Rows.Where(message => message.Rev <= horizon).ToList();
        var versions = posted.Exists(message => message.Version > 1)
            ? await store.ReadVersionsAsync(tenant, conversation, posted[0].Seq, posted[^1].Seq, cancellationToken)
            : new ArchivePage<ArchivedVersion>([], false);
        if (versions.More)
        {
            posted.RemoveAll(message => message.Seq > versions.Rows[^1].Seq);
            horizon = posted[^1].Rev;
        }

        var former = versions.Rows.ToLookup(version => version.Seq);
        var lines = ImmutableArray.CreateBuilder<string>();
        var next = after;
        var waiting = new Queue<ArchivedChange>(changes.Rows.Where(change => change.Rev <= horizon));
        foreach (var message in posted)
        {
            AddChanges(message.Rev);
            foreach (var version in former[message.Seq])
            {
                lines.Add(ArchiveLine.Of(conversation, version));
            }

            next = next with { Rev = message.Rev, Seq = message.Seq };
            lines.Add(ArchiveLine.Of(conversation, message, next));
        }

        AddChanges(long.MaxValue);
        return (lines.ToImmutable(), next);

        void AddChanges(long beforeRev)
        {
            while (waiting.TryPeek(out var change) && change.Rev < beforeRev)
            {
                next = next with { Rev = waiting.Dequeue().Rev };
                lines.Add(ArchiveLine.Of(conversation, change, next));
            }
        }
    }
}
