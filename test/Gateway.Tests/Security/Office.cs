using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Tests.Security;

/// <summary>
/// Two tenants whose people have the same ids: Ann and Bob are members of every group, Eve never was, Rae was removed, Sam's
/// role may nothing but use the chat, Rex's may not even that, Dan is deactivated. All that acme says holds a canary.
/// </summary>
internal sealed class Office : IAsyncDisposable
{
    /// <summary>Stands in every name and text of acme.</summary>
    internal const string Canary = "canarybird";

    /// <summary>What acme's people write.</summary>
    internal const string Text = $"{Canary} sings";

    /// <summary>Somebody of globex whom acme does not know.</summary>
    internal const string Stranger = "zed";

    private const ChatPermissions AllButUse =
        ChatPermissions.DirectStart | ChatPermissions.GroupCreate | ChatPermissions.GroupMembers | ChatPermissions.DeleteAny
        | ChatPermissions.Export | ChatPermissions.AuditRead | ChatPermissions.Retention;

    private static readonly (string User, Role Role)[] People =
    [
        ("ann", Role.Agent), ("bob", Role.Agent), ("eve", Role.Agent), ("rae", Role.Agent), ("sam", Role.Supervisor), ("rex", Role.Admin), ("dan", Role.Agent), ("olga", Role.Owner),
    ];

    private Office(ChatServer chat) => Chat = chat;

    internal ChatServer Chat { get; }

    /// <summary>The tenant whose secrets these are.</summary>
    internal string Acme => Chat.Helpdesk.Own;

    /// <summary>The other one.</summary>
    internal string Globex => Helpdesk.OtherTenant + Acme[Helpdesk.Tenant.Length..];

    /// <summary>On a server of its own.</summary>
    internal static async Task<Office> OpenAsync(ChatSetup? setup = null) => await OpenAsync(await ChatServer.StartAsync(On(setup ?? new ChatSetup())));

    /// <summary>The server of an office: groups are made as often as the tests need them.</summary>
    internal static ChatSetup On(ChatSetup setup) => setup with { Settings = [.. setup.Settings, "--Limits:CreateGroupsPerMinute=100000"] };

    /// <summary>On this server, where both tenants are new.</summary>
    internal static async Task<Office> OpenAsync(ChatServer chat)
    {
        var office = new Office(chat);
        await office.PutAsync(office.Acme, [.. People.Select(person => Person(person.User, person.Role))]);
        await office.PutAsync(office.Globex, [.. People.Select(person => Person(person.User, person.Role) with { Name = person.User }), Person(Stranger, Role.Agent) with { Name = Stranger }]);
        return office;
    }

    /// <summary>Restricts Rex and deactivates Dan; Sam may nothing but use the chat.</summary>
    internal async Task ShutsOutAsync()
    {
        (await Directory(Acme).SetPolicyAsync(
            new SetPolicy { Actor = UserId.Of("desk"), Policy = TenantPolicy.Default with { Supervisor = ChatPermissions.Use, Admin = AllButUse } },
            CancellationToken.None)).Refusal.ShouldBeNull();
        await PutAsync(Acme, [Person("dan", Role.Agent) with { Active = false }]);
    }

    internal async Task PutAsync(string tenant, params Person[] people) =>
        (await Directory(tenant).PutPeopleAsync(new PutPeople { Actor = UserId.Of("desk"), People = [.. people] }, CancellationToken.None)).Refusal.ShouldBeNull();

    internal static Person Person(string user, Role role) => new() { UserId = UserId.Of(user), Name = $"{Helpdesk.NameOf(user)} {Canary}", Role = role };

    internal Task<Participant> SignsInAsync(string user, string? tenant = null) => Chat.SignsInAsync(user, tenant);

    /// <summary>A group of Ann, Bob, Sam and whoever; Rae was a member, and wrote the first message.</summary>
    internal async Task<string> HasGroupAsync(string? tenant = null, string? id = null, params string[] others)
    {
        tenant ??= Acme;
        var group = id is null ? ConversationId.Of(Guid.CreateVersion7()) : Parse(id);
        var grain = Grain(tenant, group);
        (await grain.CreateGroupAsync(
            new CreateGroup
            {
                Caller = Caller(tenant, "ann"),
                ClientId = Guid.CreateVersion7(),
                Title = TextOf(tenant),
                Members = [.. ((string[])["ann", "bob", "sam", "rae", .. others]).Select(UserId.Of)],
            },
            CancellationToken.None)).Refusal.ShouldBeNull();
        await PostsAsync(tenant, group.Value, "rae");
        (await grain.RemoveMemberAsync(
            new RemoveMember { Caller = Caller(tenant, "ann"), ClientId = Guid.CreateVersion7(), Member = UserId.Of("rae") }, CancellationToken.None)).Refusal.ShouldBeNull();
        return group.Value;
    }

    /// <summary>The message of acme that a row's call is about when a member makes it.</summary>
    internal Task<long> PostsForAsync(HubRow row, string conversation, string user) => row.IsOfAMention
        ? PostsAsync(Acme, conversation, "bob", text: $"{Text} for <@{user}>")
        : PostsAsync(Acme, conversation, user);

    /// <summary>Posts past the hub, and says where.</summary>
    internal async Task<long> PostsAsync(string tenant, string conversation, string user, long? replyTo = null, string? text = null)
    {
        var posted = await Grain(tenant, Parse(conversation)).PostAsync(
            new PostMessage { Caller = Caller(tenant, user), ClientId = Guid.CreateVersion7(), Text = text ?? TextOf(tenant), ReplyTo = replyTo }, CancellationToken.None);
        posted.Refusal.ShouldBeNull();
        return posted.Seq;
    }

    internal static Caller Caller(string tenant, string user) => new()
    {
        TenantId = TenantId.Of(tenant), UserId = UserId.Of(user), Name = Helpdesk.NameOf(user), Permissions = RolePermissions.Default(Role.Owner),
    };

    /// <summary>What a tenant's people write.</summary>
    private string TextOf(string tenant) => tenant == Acme ? Text : "nothing to hear";

    /// <summary>A method's whole answer, or the error of the protocol, as the bytes that went over the wire.</summary>
    internal static async Task<JsonElement> AnswerAsync(Participant caller, string method, object request) =>
        await caller.Session.CallAsync(method, request);

    public ValueTask DisposeAsync() => Chat.DisposeAsync();

    private static ConversationId Parse(string id) => ConversationId.TryParse(id, out var conversation) ? conversation : throw new FormatException(id);

    private IConversationGrain Grain(string tenant, ConversationId id) =>
        Chat.Services.GetRequiredService<IGrainLink>().Client.GetGrain<IConversationGrain>(new ConversationKey(TenantId.Of(tenant), id).ToString());

    private IDirectoryGrain Directory(string tenant) =>
        Chat.Services.GetRequiredService<IGrainLink>().Client.GetGrain<IDirectoryGrain>(new TenantKey(TenantId.Of(tenant)).ToString());
}
