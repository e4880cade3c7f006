using System.Collections.Immutable;
using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Model;

/// <summary>Groups and their members (rules C4–C14).</summary>
internal sealed partial class ModelChat
{
    internal CreateGroupResult CreateGroup(Caller caller, ConversationId id, Guid clientId, string title, ImmutableArray<UserId> named)
    {
        if (caller.TenantId != tenant)
        {
            return Refuse(CreateGroupRefusal.NotFound);
        }

        if (TitleOf(title) is not { } kept)
        {
            return Refuse(CreateGroupRefusal.TitleInvalid);
        }

        ImmutableArray<UserId> members = [.. named.Append(caller.UserId).Distinct()];
        if (members.Length > Bounds.MembersMax)
        {
            return Refuse(CreateGroupRefusal.TooManyMembers);
        }

        var content = $"create {kept} {string.Join(',', members)}";
        if (Of(id) is { } existing)
        {
            return Repeated(existing, caller, clientId, content) is { Refusal: null } repeated
                ? new CreateGroupResult { Head = new Head { Rev = repeated.Rev, Seq = repeated.Seq } }
                : Refuse(CreateGroupRefusal.ClientIdReused);
        }

        if (!Has(caller, ChatPermissions.GroupCreate))
        {
            return Refuse(CreateGroupRefusal.Forbidden);
        }

        if (RefuseMembers(members.Where(user => user != caller.UserId)) is { } refused)
        {
            return Refuse(refused == CommandRefusal.MemberRestricted ? CreateGroupRefusal.MemberRestricted : CreateGroupRefusal.UnknownMember);
        }

        var conversation = new ModelConversation { Id = id, Kind = ConversationKind.Group, Title = kept, CreatedAt = Now };
        Conversations.Add(id, conversation);
        foreach (var user in members)
        {
            conversation.Members.Add(user, new ModelMembership { ReadSeq = 1, JoinedSeq = 1 });
            conversation.Turn(user);
        }

        Append(conversation, caller, clientId, new SystemFact { Kind = SystemFactKind.Created, Targets = members, After = kept });
        Done(conversation, caller, clientId, content, 1);
        return new CreateGroupResult { Head = conversation.Head };

        static CreateGroupResult Refuse(CreateGroupRefusal refusal) => new() { Refusal = refusal };
    }

    internal CommandResult AddMembers(Caller caller, ConversationId id, Guid clientId, ImmutableArray<UserId> named)
    {
        if (caller.TenantId == tenant && named.Length > Bounds.MembersMax)
        {
            return Refuse(CommandRefusal.TooManyMembers);
        }

        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"add {string.Join(',', named.Select(user => user.Value).Order(StringComparer.Ordinal))}";
        if ((Repeated(conversation, caller, clientId, content) ?? RefuseGroup(conversation, caller, ChatPermissions.GroupMembers)) is { } other)
        {
            return other;
        }

        ImmutableArray<UserId> joining = [.. named.Distinct().Where(user => !conversation.Members.ContainsKey(user))];
        if (joining.IsEmpty)
        {
            return Nothing(conversation);
        }

        if (RefuseMembers(joining) is { } refused)
        {
            return Refuse(refused);
        }

        if (conversation.Members.Count + joining.Length > Bounds.MembersMax)
        {
            return Refuse(CommandRefusal.TooManyMembers);
        }

        foreach (var user in joining)
        {
            conversation.Members.Add(user, new ModelMembership { ReadSeq = conversation.Seq, JoinedSeq = conversation.Seq + 1 });
            conversation.Turn(user);
        }

        var fact = Append(conversation, caller, clientId, new SystemFact { Kind = SystemFactKind.Added, Targets = joining });
        return Done(conversation, caller, clientId, content, fact.Seq);
    }

    internal CommandResult RemoveMember(Caller caller, ConversationId id, Guid clientId, UserId member)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var leaves = member == caller.UserId;
        var content = $"remove {member}";
        if ((Repeated(conversation, caller, clientId, content) ?? RefuseGroup(conversation, caller, leaves ? default : ChatPermissions.GroupMembers)) is { } other)
        {
            return other;
        }

        if (!conversation.Members.Remove(member))
        {
            return Nothing(conversation);
        }

        conversation.Turn(member);
        ForgetDraft(member, id);
        var kind = leaves ? SystemFactKind.Left : SystemFactKind.Removed;
        var fact = Append(conversation, caller, clientId, new SystemFact { Kind = kind, Targets = [member] }, alsoHeard: [member]);
        return Done(conversation, caller, clientId, content, fact.Seq);
    }

    internal CommandResult Rename(Caller caller, ConversationId id, Guid clientId, string title)
    {
        if (caller.TenantId != tenant)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (TitleOf(title) is not { } kept)
        {
            return Refuse(CommandRefusal.TitleInvalid);
        }

        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"rename {kept}";
        if ((Repeated(conversation, caller, clientId, content) ?? RefuseGroup(conversation, caller, ChatPermissions.GroupRename)) is { } other)
        {
            return other;
        }

        if (conversation.Title == kept)
        {
            return Nothing(conversation);
        }

        var fact = Append(conversation, caller, clientId, new SystemFact { Kind = SystemFactKind.Renamed, Before = conversation.Title, After = kept });
        conversation.Title = kept;
        return Done(conversation, caller, clientId, content, fact.Seq);
    }

    /// <summary>Rules C14, R5: who may decide need not be a member.</summary>
    internal SetRetentionRefusal? SetRetention(Caller caller, ConversationId id, int? days)
    {
        if (caller.TenantId != tenant || !caller.Permissions.HasFlag(ChatPermissions.Retention))
        {
            return SetRetentionRefusal.NotFound;
        }

        if (days < 1)
        {
            return SetRetentionRefusal.Invalid;
        }

        if (Of(id) is not { } conversation)
        {
            return SetRetentionRefusal.NotFound;
        }

        if (conversation.KeptDays != days)
        {
            var fact = new SystemFact { Kind = SystemFactKind.RetentionChanged, Before = Text(conversation.KeptDays), After = Text(days) };
            Append(conversation, caller, Guid.Empty, fact);
            conversation.KeptDays = days;
        }

        return null;

        static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A name as it is kept; null when it is none (rule C5).</summary>
    private static string? TitleOf(string title)
    {
        var kept = title.Trim();
        return kept.Length == 0 || kept.Any(char.IsControl) || kept.EnumerateRunes().Count() > Bounds.TitleScalarsMax ? null : kept;
    }

    /// <summary>Only groups change their members and names; leaving needs no right.</summary>
    private static CommandResult? RefuseGroup(ModelConversation conversation, Caller caller, ChatPermissions permission) =>
        conversation.Kind != ConversationKind.Group ? Refuse(CommandRefusal.NotAGroup)
        : permission != default && !Has(caller, permission) ? Refuse(CommandRefusal.Forbidden)
        : null;
}
