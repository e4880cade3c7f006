using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Adds people to a group (rules C7, C8). The cursor of each begins before the fact that names them.</summary>
/// <param name="add">As asked for.</param>
/// <param name="people">Those of them whom the directory knows.</param>
internal sealed class AddMembersCommand(AddMembers add, ImmutableArray<Person> people) : ConversationCommand(
    add.Caller, add.ClientId, ContentHash.OfCommand("add", [.. add.Members.Select(member => member.Value).Order(StringComparer.Ordinal)]))
{
    internal override ValueTask<Decision> DecideAsync(DecisionContext context) => new(Decide(context));

    private Decision Decide(DecisionContext context)
    {
        if (ConversationRules.RefuseGroupChange(context.State, Caller, ChatPermissions.GroupMembers) is { } refused)
        {
            return Refuse(refused);
        }

        var state = context.State!;
        ImmutableArray<UserId> joining = [.. add.Members.Distinct().Where(user => !state.Members.Contains(user))];
        if (joining.IsEmpty)
        {
            return new Decision.Nothing();
        }

        if (ConversationRules.RefuseMembers(joining, people) is { } refusal)
        {
            return Refuse(refusal);
        }

        return state.Members.Count + joining.Length > context.Options.MembersMax
            ? Refuse(CommandRefusal.TooManyMembers)
            : Write(state, joining, context.Now);
    }

    private Decision.Write Write(ConversationState state, ImmutableArray<UserId> joining, DateTimeOffset now)
    {
        var fact = new SystemFact { Kind = SystemFactKind.Added, Targets = joining };
        var seq = state.Head.Seq + 1;
        return new Decision.Write
        {
            Entry = Facts.Entry(this, fact, now),
            Change = Facts.Change(this, fact, now),
            Begins = [.. joining.Select(user => new MembershipBegin { UserId = user, JoinedSeq = seq, ReadSeq = seq - 1 })],
            Audits = [Facts.Audit(this, "member.added", now, joining)],
            Apply = (before, _, rev) => before with { Members = before.Members.Union(joining), MembersRev = rev },
        };
    }
}
