using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Creates a group (rule C4).</summary>
/// <param name="create">As asked for.</param>
/// <param name="title">Its title, as it is stored.</param>
/// <param name="members">Everybody who is to be in it, the creator included.</param>
/// <param name="people">Those of the others whom the directory knows.</param>
internal sealed class CreateGroupCommand(CreateGroup create, string title, ImmutableArray<UserId> members, ImmutableArray<Person> people)
    : ConversationCommand(create.Caller, create.ClientId, ContentHash.OfCommand("create", [title, .. members.Select(member => member.Value)]))
{
    internal override bool IsOfMembers => false;

    internal override ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not null)
        {
            return new(Refuse(CommandRefusal.ClientIdReused)); // It exists: only the same command gets it, whatever became of anybody's rights.
        }

        if (!ConversationRules.Has(Caller, ChatPermissions.GroupCreate))
        {
            return new(Refuse(CommandRefusal.Forbidden));
        }

        if (ConversationRules.RefuseMembers(members.Remove(Caller.UserId), people) is { } refusal)
        {
            return new(Refuse(refusal));
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
