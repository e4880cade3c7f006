using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Search;

/// <summary>How far a conversation's log reaches, and how far its index.</summary>
internal readonly record struct IndexState(ConversationKey Key, long HeadRev, long Rev, long Seq);

/// <summary>A piece of a conversation's log that is indexed in one commit; both counters rise together, so the message key finds its rows.</summary>
/// <param name="Key">Which conversation.</param>
/// <param name="AboveRev">Indexed before.</param>
/// <param name="AboveSeq">The last message of that.</param>
/// <param name="ToRev">The last change of the piece.</param>
internal readonly record struct IndexSpan(ConversationKey Key, long AboveRev, long AboveSeq, long ToRev)
{
    /// <summary>What is indexed in one commit of at most so many changes: as many whole conversations as fit, then a part of one.</summary>
    /// <returns>The pieces, and how many of the conversations they bring to their heads.</returns>
    internal static (ImmutableArray<IndexSpan> Spans, IndexedChanges Result) Allot(IReadOnlyList<IndexState> states, int revsMax)
    {
        var spans = ImmutableArray.CreateBuilder<IndexSpan>();
        var (complete, revs) = (0, 0);
        foreach (var state in states)
        {
            var wanted = Math.Min(state.HeadRev - state.Rev, revsMax - revs);
            if (wanted > 0)
            {
                spans.Add(new IndexSpan(state.Key, state.Rev, state.Seq, state.Rev + wanted));
                revs += (int)wanted;
            }

            if (state.Rev + Math.Max(wanted, 0) < state.HeadRev)
            {
                break;
            }

            complete++;
        }

        return (spans.ToImmutable(), new IndexedChanges { Conversations = complete, Revs = revs });
    }
}
