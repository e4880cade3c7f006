using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Creates a group (rule C4). Whether its people may be in it was found out before.</summary>
internal sealed class CreateGroupCommand(CreateGroup create, string title, ImmutableArray<UserId> members)
    : ConversationCommand(create.Caller, create.ClientId, ContentHash.OfCommand("create", [title, .. members.Select(member => member.Value)]))
{
    internal override bool IsOfMembers => false;

    internal override ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not null)
        {
            return new(Refuse(CommandRefusal.ClientIdReused)); // It exists: only the same command gets it.
        }

        var now = context.Now;
        var fact = new SystemFact { Kind = SystemFactKind.Created, Targets = members, After = title };
        return new(new Decision.Write
        {
            Entry = Facts.Entry(this, fact, now),
            Change = Facts.Change(this, fact, now),
            Creates = (
                new ConversationCreation { Kind = ConversationKind.Group, Title = title, CreatedBy = Caller.UserId, CreatedAt = now },
                new ConversationState { Head = default, Kind = ConversationKind.Group, Title = title, MembersRev = 1, Members = [.. members], CreatedAt = now }),
            Begins = [.. members.Select(user => new MembershipBegin { UserId = user, JoinedSeq = 1, ReadSeq = 1 })],
            Audits = [Facts.Audit(this, "group.created", now, members)],
        });
    }
}
