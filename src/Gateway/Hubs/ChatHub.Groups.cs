using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Gateway.Hubs;

/// <summary>Groups, their members and names.</summary>
internal sealed partial class ChatHub
{
    [Limited(CallKind.Create)]
    [Answers(typeof(CreateGroupAnswer))]
    public async Task<Answer> CreateGroup(CreateGroupRequest request)
    {
        if (InvalidClientId(request.ClientId) is { } invalid)
        {
            return invalid;
        }

        if (request is not { Title: { } title, Members: { } members })
        {
            return Answers.Invalid("title or members is missing.");
        }

        if (TextRules.Normalize(title) is null)
        {
            return Answers.Refused(CommandRefusal.TitleInvalid);
        }

        if (!TryParseUsers(members, out var users))
        {
            return Answers.Refused(CommandRefusal.UnknownMember);
        }

        // The same command names the same group, whichever gateway it comes by (rule C4).
        var conversation = ConversationId.OfCommand(Caller.TenantId, Caller.UserId, request.ClientId!.Value);
        var created = await Conversation(conversation).CreateGroupAsync(
            new CreateGroup { Caller = Caller, ClientId = request.ClientId.Value, Title = title, Members = users }, CancellationToken.None);
        return created.Refusal is { } refusal
            ? Refused(refusal)
            : new CreateGroupAnswer { ConversationId = conversation.Value, Head = created.Head.ToWire() };
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> AddMembers(AddMembersRequest request)
    {
        if (InvalidClientId(request.ClientId) is { } invalid)
        {
            return invalid;
        }

        if (request.Members is not { Count: > 0 } members)
        {
            return Answers.Invalid("members is missing or empty.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        return TryParseUsers(members, out var users)
            ? ToAnswer(await Conversation(conversation).AddMembersAsync(
                new AddMembers { Caller = Caller, ClientId = request.ClientId!.Value, Members = users }, CancellationToken.None))
            : Answers.Refused(CommandRefusal.UnknownMember);
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> RemoveMember(RemoveMemberRequest request)
    {
        if (InvalidClientId(request.ClientId) is { } invalid)
        {
            return invalid;
        }

        if (!UserId.TryParse(request.Member, out var member))
        {
            return Answers.Invalid("member is missing or no id.");
        }

        return await RemoveAsync(request.ConversationId, request.ClientId!.Value, member);
    }

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> Leave(LeaveRequest request) =>
        InvalidClientId(request.ClientId) ?? await RemoveAsync(request.ConversationId, request.ClientId!.Value, Caller.UserId);

    [Limited(CallKind.Send)]
    [Answers(typeof(ChangeAnswer))]
    public async Task<Answer> Rename(RenameRequest request)
    {
        if (InvalidClientId(request.ClientId) is { } invalid)
        {
            return invalid;
        }

        if (request.Title is not { } title)
        {
            return Answers.Invalid("title is missing.");
        }

        if (TextRules.Normalize(title) is null)
        {
            return Answers.Refused(CommandRefusal.TitleInvalid);
        }

        return ConversationId.TryParse(request.ConversationId, out var conversation)
            ? ToAnswer(await Conversation(conversation).RenameAsync(
                new RenameGroup { Caller = Caller, ClientId = request.ClientId!.Value, Title = title }, CancellationToken.None))
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(MembersAnswer))]
    public async Task<Answer> Members(MembersRequest request)
    {
        var limit = request.Limit ?? PageDefault;
        if (InvalidPage(limit) is { } invalid)
        {
            return invalid;
        }

        UserId? after = null;
        if (request.After is { } afterText)
        {
            if (!UserId.TryParse(afterText, out var user))
            {
                return Answers.Invalid("after is no id.");
            }

            after = user;
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return Answers.NotFound();
        }

        var page = await Conversation(conversation).ListMembersAsync(
            new MembersQuery { Caller = Caller, After = after, Limit = limit }, Context.ConnectionAborted);
        return page.Found
            ? new MembersAnswer
            {
                Members = [.. page.Members.Select(member => member.ToMember())],
                Count = page.Count,
                Next = page.Members.Length == limit ? page.Members[^1].UserId.Value : null,
            }
            : Answers.NotFound();
    }

    [Limited(CallKind.Read)]
    [Answers(typeof(PeopleAnswer))]
    public async Task<Answer> People(PeopleRequest request)
    {
        if (request.Users is not { } asked || asked.Count < 1 || asked.Count > limits.Value.PageMax)
        {
            return Answers.Invalid($"users must have 1 to {limits.Value.PageMax} ids.");
        }

        // What is no id is nobody's.
        ImmutableArray<UserId> users = [.. asked.Select(text => UserId.TryParse(text, out var user) ? user : default(UserId?)).OfType<UserId>().Distinct()];
        var people = await Directory().PeopleAsync(users, Context.ConnectionAborted);
        return new PeopleAnswer { People = [.. people.Select(person => person.ToMember())] };
    }

    private static bool TryParseUsers(IReadOnlyList<string?> texts, out ImmutableArray<UserId> users)
    {
        var parsed = ImmutableArray.CreateBuilder<UserId>(texts.Count);
        foreach (var text in texts)
        {
            if (!UserId.TryParse(text, out var user))
            {
                users = [];
                return false;
            }

            parsed.Add(user);
        }

        users = parsed.MoveToImmutable();
        return true;
    }

    private static Answer Refused(CreateGroupRefusal refusal) => Answers.Refused(refusal switch
    {
        CreateGroupRefusal.TitleInvalid => CommandRefusal.TitleInvalid,
        CreateGroupRefusal.TooManyMembers => CommandRefusal.TooManyMembers,
        CreateGroupRefusal.UnknownMember => CommandRefusal.UnknownMember,
        CreateGroupRefusal.ClientIdReused => CommandRefusal.ClientIdReused,
        CreateGroupRefusal.NotFound => CommandRefusal.NotFound,
        CreateGroupRefusal.Unavailable => CommandRefusal.Unavailable,
        CreateGroupRefusal.Forbidden => CommandRefusal.Forbidden,
        CreateGroupRefusal.MemberRestricted => CommandRefusal.MemberRestricted,
        CreateGroupRefusal.Overloaded => CommandRefusal.Overloaded,
    });

    private async Task<Answer> RemoveAsync(string? conversationId, Guid clientId, UserId member) =>
        ConversationId.TryParse(conversationId, out var conversation)
            ? ToAnswer(await Conversation(conversation).RemoveMemberAsync(
                new RemoveMember { Caller = Caller, ClientId = clientId, Member = member }, CancellationToken.None))
            : Answers.NotFound();

    private IDirectoryGrain Directory() => grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(Caller.TenantId).ToString());
}
