using System.Collections.Concurrent;
using OrleansChat.Conversations;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Running;

/// <summary>What happened in a campaign, so that it does not pass because nothing did.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<ChangeKind, int> _changes = [];
    private readonly ConcurrentDictionary<SystemFactKind, int> _facts = [];

    internal IReadOnlyDictionary<ChangeKind, int> Changes => _changes;

    internal IReadOnlyDictionary<SystemFactKind, int> Facts => _facts;

    internal void Add(ModelChat model)
    {
        foreach (var conversation in model.Conversations.Values)
        {
            foreach (var change in conversation.Changes)
            {
                _changes.AddOrUpdate(change.Kind, 1, static (_, count) => count + 1);
            }

            foreach (var fact in conversation.Messages.Select(message => message.Fact).OfType<SystemFact>())
            {
                _facts.AddOrUpdate(fact.Kind, 1, static (_, count) => count + 1);
            }
        }
    }
}
