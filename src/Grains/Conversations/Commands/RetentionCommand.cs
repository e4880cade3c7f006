using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>States in the conversation for how many days it is kept from now on (rule C14); the days are stored beside it.</summary>
/// <param name="caller">Who decided; need not be a member.</param>
/// <param name="before">Days so far; null as the tenant decided.</param>
/// <param name="after">Days from now on.</param>
internal sealed class RetentionCommand(Caller caller, int? before, int? after)
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
        return new(new Decision.Write { Entry = Facts.Entry(this, fact, context.Now), Change = Facts.Change(this, fact, context.Now) });
    }

    private static string? Text(int? days) => days?.ToString(CultureInfo.InvariantCulture);
}
