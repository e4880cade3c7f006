using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Whether the people of a direct conversation can write to each other: before the first message both must be known to the
/// directory, afterwards the other one must not be deactivated (rule C13). What the directory said holds for two seconds.
/// </summary>
internal sealed class PeerCheck(ConversationId conversation, Func<ImmutableArray<UserId>, Task<ImmutableArray<Person>>> people, TimeProvider time)
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(2);

    private ImmutableArray<Person> _pair = [];
    private long? _askedAt;

    /// <summary>Why the author may not write there; null when they may, and in every conversation that is not direct.</summary>
    internal async ValueTask<CommandRefusal?> RefuseAsync(ConversationState? state, UserId author)
    {
        if (!conversation.TryGetPair(out var one, out var other))
        {
            return null;
        }

        if (_askedAt is not { } askedAt || time.GetElapsedTime(askedAt) > AgeMax)
        {
            _pair = await people(one == other ? [one] : [one, other]);
            _askedAt = time.GetTimestamp();
        }

        return state is null
            ? _pair.Length == (one == other ? 1 : 2) && _pair.All(person => person.Active) ? null : CommandRefusal.NotFound
            : _pair.Any(person => person.UserId != author && !person.Active) ? CommandRefusal.PeerInactive : null;
    }
}
