using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Model.Tests.Client;

/// <summary>
/// A client of one person, as docs/protocol.md tells how to write one: what it once read, moved on by what it hears. Events may
/// come twice and in any order.
/// </summary>
internal sealed class ClientModel(UserId me)
{
    private readonly Dictionary<ConversationId, Held> _held = [];
    private readonly HashSet<ConversationId> _unknown = [];

    internal UserId Me => me;

    /// <summary>Conversations that it heard of and has not read.</summary>
    internal IReadOnlyCollection<ConversationId> Unknown => _unknown;

    internal IEnumerable<View> Views => _held.Values.Select(held => held.View);

    internal View? Of(ConversationId id) => _held.GetValueOrDefault(id)?.View;

    /// <summary>Everything was read afresh.</summary>
    internal void Reset(IEnumerable<View> views)
    {
        _held.Clear();
        _unknown.Clear();
        foreach (var view in views)
        {
            Load(view.Id, view);
        }
    }

    /// <summary>One conversation was read afresh; null when there is none for this person.</summary>
    internal void Load(ConversationId id, View? view)
    {
        _unknown.Remove(id);
        if (view is not null)
        {
            _held[id] = new Held { View = view.Copy(), LevelVersion = view.Basis.ReadVersion };
        }
    }

    internal void Hear(ConversationId id, ConversationChange change)
    {
        if (!_held.TryGetValue(id, out var held))
        {
            _unknown.Add(id);
            return;
        }

        held.Waiting.TryAdd(change.Rev, change);
        while (held.Waiting.Remove(held.View.Rev + 1, out var next))
        {
            if (next.Posted?.Fact is { Kind: SystemFactKind.Removed or SystemFactKind.Left } fact && fact.Targets.Contains(me))
            {
                _held.Remove(id);
                if (held.Waiting.Count > 0)
                {
                    _unknown.Add(id); // Something later was heard before: it may be that the person is back.
                }

                return;
            }

            held.Kept.Add(next);
            held.View = Reducer.Apply(held.View, next, me);
        }
    }

    internal void Hear(TenantSignal signal)
    {
        foreach (var (id, basis, level) in Signals.IsOfConversation(signal) ? BasesOf(signal) : [])
        {
            if (_held.TryGetValue(id, out var held))
            {
                Hear(held, basis, level);
            }
        }
    }

    private void Hear(Held held, UnreadBasis basis, NotificationLevel? level)
    {
        var mine = held.View.Basis;
        if ((basis.ReadVersion, basis.Rev).CompareTo((mine.ReadVersion, mine.Rev)) > 0)
        {
            held.View = held.View with { Basis = held.Kept.Aggregate(basis, (counted, change) => Reducer.Count(counted, change, held.View.Kind, me)) };
        }

        if (level is { } chosen && basis.ReadVersion > held.LevelVersion)
        {
            (held.View, held.LevelVersion) = (held.View with { Level = chosen }, basis.ReadVersion);
        }
    }

    /// <summary>The counts that a signal carries for this person, and the level where it tells that.</summary>
    private IEnumerable<(ConversationId Id, UnreadBasis Basis, NotificationLevel? Level)> BasesOf(TenantSignal signal) => signal switch
    {
        ReadCursorMoved moved when moved.UserId == me => [(moved.ConversationId, moved.Basis, null)],
        ReadCursorsMoved moved when moved.UserId == me => moved.Cursors.Select(cursor => (cursor.ConversationId, cursor.Basis, (NotificationLevel?)null)),
        NotificationsChanged changed when changed.UserId == me => [(changed.ConversationId, changed.Basis, changed.Level)],
        _ => [],
    };

    private sealed class Held
    {
        internal required View View { get; set; }

        /// <summary>The read version that the level is of.</summary>
        internal required long LevelVersion { get; set; }

        /// <summary>Everything heard since it was read, in order.</summary>
        internal List<ConversationChange> Kept { get; } = [];

        /// <summary>Heard before its turn.</summary>
        internal Dictionary<long, ConversationChange> Waiting { get; } = [];
    }
}
