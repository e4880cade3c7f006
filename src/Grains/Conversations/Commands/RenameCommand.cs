using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Renames a group; the name before stays one to find it by (rule C5).</summary>
/// <param name="rename">As asked for.</param>
/// <param name="title">The new name, checked and normalised.</param>
internal sealed class RenameCommand(RenameGroup rename, string title)
    : ConversationCommand(rename.Caller, rename.ClientId, ContentHash.OfCommand("rename", title))
{
    internal override ValueTask<Decision> DecideAsync(DecisionContext context) => new(Decide(context));

    private Decision Decide(DecisionContext context)
    {
        if (ConversationRules.RefuseGroupChange(context.State, Caller, ChatPermissions.GroupRename) is { } refused)
        {
            return Refuse(refused);
        }

        var state = context.State!;
        if (state.Title == title)
        {
            return new Decision.Nothing();
        }

        var fact = new SystemFact { Kind = SystemFactKind.Renamed, Before = state.Title, After = title };
        return new Decision.Write
        {
            Entry = Facts.Entry(this, fact, context.Now),
            Change = Facts.Change(this, fact, context.Now),
            Title = title,
            Apply = (before, _, _) => before with { Title = title },
        };
    }
}
