using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Removes a member from a group, or lets the caller leave it (rule C10). A group without members stays stored (rule C12).</summary>
internal sealed class RemoveMemberCommand(RemoveMember remove)
    : ConversationCommand(remove.Caller, remove.ClientId, ContentHash.OfCommand("remove", remove.Member.Value))
{
    internal override ValueTask<Decision> DecideAsync(DecisionContext context) => new(Decide(context));

    private Decision Decide(DecisionContext context)
    {
        var leaves = remove.Member == Caller.UserId;
        if (ConversationRules.RefuseGroupChange(context.State, Caller, leaves ? null : ChatPermissions.GroupMembers) is { } refused)
        {
            return Refuse(refused);
        }

        var state = context.State!;
        return state.Members.Contains(remove.Member) ? Write(state, leaves, context.Now) : new Decision.Nothing();
    }

    private Decision.Write Write(ConversationState state, bool leaves, DateTimeOffset now)
    {
        var fact = new SystemFact { Kind = leaves ? SystemFactKind.Left : SystemFactKind.Removed, Targets = [remove.Member] };
        return new Decision.Write
        {
            Entry = Facts.Entry(this, fact, now),
            Change = Facts.Change(this, fact, now),
            Ends = [new MembershipEnd { UserId = remove.Member, LeftSeq = state.Head.Seq + 1 }],
            Audits = [Facts.Audit(this, leaves ? "member.left" : "member.removed", now, remove.Member)],
            Apply = (before, _, rev) => before with { Members = before.Members.Remove(remove.Member), MembersRev = rev },
        };
    }
}
