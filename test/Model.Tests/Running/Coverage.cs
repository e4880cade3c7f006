using System.Collections.Concurrent;
using OrleansChat.Conversations;
using OrleansChat.Model.Tests.Commands;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Running;

/// <summary>What happened in a campaign, so that it does not pass because nothing did.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<ChangeKind, int> _changes = [];
    private readonly ConcurrentDictionary<SystemFactKind, int> _facts = [];
    private readonly ConcurrentDictionary<string, byte> _answers = [];

    internal IReadOnlyDictionary<ChangeKind, int> Changes => _changes;

    internal IReadOnlyDictionary<SystemFactKind, int> Facts => _facts;

    /// <summary>What people did and how it ended: <c>Post ConfirmationNeeded</c>, <c>Edit done</c>, <c>Post again</c>.</summary>
    internal ISet<string> Answers => _answers.Keys.ToHashSet();

    internal void Add(Command command, string answer)
    {
        var words = answer.Split(' ');
        var end = words[0] == "refused" ? words[1]
            : words[0] is "none" or "expired" ? words[0]
            : answer == "not found" ? answer
            : words.Contains("again") ? "again"
            : command is MarkAllRead or UndoMarkAllRead && answer == "0" ? "nothing"
            : words.Contains("reset") ? "reset"
            : "done";
        _answers.TryAdd($"{command.GetType().Name} {end}", 0);
        if (command is Post { Words.Here: true } && end == "done")
        {
            _answers.TryAdd("Post with @here done", 0);
        }
    }

    internal void Add(ModelChat model)
    {
        foreach (var conversation in model.Conversations.Values)
        {
            foreach (var message in conversation.Messages.Where(message => message.Mentions is { Here.IsEmpty: false }))
            {
                _answers.TryAdd("@here reached somebody", 0);
            }

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
