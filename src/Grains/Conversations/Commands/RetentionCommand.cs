using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Decides for how many days the conversation is kept, and states it there (rule C14): one append, or nothing of it.</summary>
/// <param name="caller">Who decided; need not be a member.</param>
/// <param name="before">What held so far.</param>
/// <param name="after">What holds from now on; days null as the tenant decided.</param>
internal sealed class RetentionCommand(Caller caller, ConversationRetention before, ConversationRetention after)
    : ConversationCommand(caller, Guid.NewGuid(), ContentHash.OfCommand("retention", Text(after) ?? string.Empty))
{
    internal override bool IsOfMembers => false;

    internal override ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is null)
        {
            return new(Refuse(CommandRefusal.NotFound));
        }

        var fact = new SystemFact { Kind = SystemFactKind.RetentionChanged, Before = Text(before), After = Text(after) };
        var audit = DirectoryAudit.RetentionChanged(Caller.UserId, context.Key.ConversationId, before, after, context.Now);
        return new(new Decision.Write
        {
            Entry = Facts.Entry(this, fact, context.Now),
            Change = Facts.Change(this, fact, context.Now),
            Retention = after,
            Audits = [new AuditEntry { At = audit.At, ActorId = audit.ActorId, Action = audit.Action, Details = audit.Details }],
        });
    }

    private static string? Text(ConversationRetention retention) => retention.Days?.ToString(CultureInfo.InvariantCulture);
}
