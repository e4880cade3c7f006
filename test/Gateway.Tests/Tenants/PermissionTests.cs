using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Tenants;
using OrleansChat.HubClient;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Tenants;

/// <summary>What people may do, at the door and on open connections (rules R1, R3).</summary>
public sealed class PermissionTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly string[] OfAgents =
        ["chat.use", "chat.dm.start", "chat.dm.reply", "chat.group.create", "chat.group.members", "chat.group.rename"];

    [Fact]
    [Rule("R1")]
    public async Task Welcome_AndSession_SayWhatThePersonMayDo()
    {
        await using var chat = server.ForOneTest();
        var ann = await chat.SignsInAsync("ann");

        Names((await ann.HearsAsync("welcome")).GetProperty("permissions")).ShouldBe(OfAgents);
        using var answer = await chat.SendsAsync(HttpMethod.Get, "/api/session", chat.Helpdesk.Token("ann"));
        Names(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("permissions")).ShouldBe(OfAgents);
    }

    [Fact]
    [Rule("R1")]
    public async Task Handshake_RoleWithoutChatUse_Is403AndNoSession()
    {
        await using var chat = server.ForOneTest();
        await SetPolicyAsync(chat, TenantPolicy.Default with { Agent = ChatPermissions.DirectReply | ChatPermissions.AuditRead });
        var token = chat.Helpdesk.Token("ann");

        (await chat.TriesToConnectAsync(new HubCredentials { Token = token })).Status.ShouldBe(403);
        using var session = await chat.SendsAsync(HttpMethod.Get, "/api/session", token);
        using var exchange = await chat.SendsAsync(HttpMethod.Post, "/api/session", token);
        (session.StatusCode, exchange.StatusCode).ShouldBe((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden));
    }

    [Theory]
    [Rule("R1")]
    [Rule("R3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenSession_PersonIsDeactivated_IsClosedForGood(bool signalsArrive)
    {
        await using var chat = await ChatServer.StartAsync(Setup(signalsArrive));
        var (ann, bob) = (await chat.SignsInAsync("ann"), await chat.SignsInAsync("bob"));

        await PutAsync(chat, Person("ann", Role.Agent) with { Active = false });

        await IsClosedAsync(ann, 3501);
        (await chat.TriesToConnectAsync(new HubCredentials { Token = chat.Helpdesk.Token("ann") })).Status.ShouldBe(403);
        await bob.SendsAsync(bob.With("bob"), "still here");
    }

    [Theory]
    [Rule("R1")]
    [Rule("R3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenSession_RoleIsRestricted_IsClosedForGoodOthersStay(bool signalsArrive)
    {
        await using var chat = await ChatServer.StartAsync(Setup(signalsArrive));
        await PutAsync(chat, Person("sam", Role.Supervisor));
        var (ann, sam) = (await chat.SignsInAsync("ann"), await chat.SignsInAsync("sam"));

        await SetPolicyAsync(chat, TenantPolicy.Default with { Agent = 0 });

        await IsClosedAsync(ann, 3502);
        await sam.SendsAsync(sam.With("sam"), "still here");
        sam.Session.Events.ShouldNotContain(heard => heard.Name == "permissionsChanged", "what sam may do is the same");
        (await sam.CallsAsync("FindPeople", new { text = "ann" })).GetProperty("people")[0].GetProperty("restricted").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [Rule("R1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenSession_RoleChanges_HearsWhatItMayDoNowAndStays(bool signalsArrive)
    {
        await using var chat = await ChatServer.StartAsync(Setup(signalsArrive));
        var (ann, bob) = (await chat.SignsInAsync("ann"), await chat.SignsInAsync("bob"));

        await PutAsync(chat, Person("ann", Role.Supervisor));

        var changed = await ann.HearsAsync("permissionsChanged");
        changed.GetProperty("role").GetString().ShouldBe("supervisor");
        Names(changed.GetProperty("permissions")).ShouldBe([.. OfAgents, "chat.mention_all"]);
        await ann.SendsAsync(ann.With("bob"), "hi");
        await bob.SeesAsync(ann.With("bob"), "hi");
        bob.Session.Events.ShouldNotContain(heard => heard.Name == "permissionsChanged");
    }

    [Fact]
    [Rule("R3")]
    public async Task OpenSession_SamePersonOfAnotherTenantIsDeactivated_Stays()
    {
        await using var chat = await ChatServer.StartAsync(Setup(signalsArrive: true));
        var (ours, theirs) = (await chat.SignsInAsync("ann"), await chat.SignsInAsync("ann", "globex"));

        await PutAsync(chat, Person("ann", Role.Agent) with { Active = false });

        await IsClosedAsync(ours, 3501);
        await theirs.SendsAsync(theirs.With("ann"), "still here");
    }

    [Fact]
    [Rule("R3")]
    public async Task OpenSession_LetInByWhatWasOldAlready_IsFoundAtTheFirstRepair()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var chat = await ChatServer.StartAsync(Setup(signalsArrive: false) with { Time = time });
        await PutAsync(chat, Person("ann", Role.Agent));
        var store = chat.Grains.GetRequiredService<IDirectoryStore>();
        var tenant = TenantId.Of(chat.Helpdesk.Own);
        var versions = (await store.ReadVersionsAsync([tenant], CancellationToken.None)).Single();
        (await store.PutPeopleAsync(tenant, [Person("ann", Role.Agent) with { Active = false }], versions.People, [], CancellationToken.None)).ShouldBeTrue();

        var ann = await chat.SignsInAsync("ann"); // What the directory knows counts as fresh for a second.

        await time.AdvanceUntilAsync(
            TimeSpan.FromMilliseconds(300), () => ann.Session.Events.Any(heard => heard.Name == "closing"), "She was let in and stayed.");
        await IsClosedAsync(ann, 3501);
    }

    private static ChatSetup Setup(bool signalsArrive) => new()
    {
        Settings = ["--Fanout:RepairInterval=00:00:00.300"],
        ConfigureGrains = signalsArrive ? null : LostSignals.Replace,
    };

    private static async Task IsClosedAsync(Participant person, int code)
    {
        var closing = await person.HearsAsync("closing");
        (closing.GetProperty("code").GetInt32(), closing.GetProperty("reconnect").GetBoolean()).ShouldBe((code, false));
        await person.IsClosedAsync();
    }

    private static Person Person(string user, Role role) => new() { UserId = UserId.Of(user), Name = Helpdesk.NameOf(user), Role = role };

    private static async Task PutAsync(ChatServer chat, Person person) =>
        (await Directory(chat).PutPeopleAsync(new PutPeople { Actor = UserId.Of("desk"), People = [person] }, CancellationToken.None)).Refusal.ShouldBeNull();

    private static async Task SetPolicyAsync(ChatServer chat, TenantPolicy policy) =>
        (await Directory(chat).SetPolicyAsync(new SetPolicy { Actor = UserId.Of("desk"), Policy = policy }, CancellationToken.None)).Refusal.ShouldBeNull();

    private static IDirectoryGrain Directory(ChatServer chat) =>
        chat.Services.GetRequiredService<IGrainLink>().Client.GetGrain<IDirectoryGrain>(new TenantKey(TenantId.Of(chat.Helpdesk.Own)).ToString());

    private static string[] Names(JsonElement names) => [.. names.EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Messages arrive, signals are lost.</summary>
    private sealed class LostSignals(IEventPublisher stream) : IEventPublisher
    {
        internal static void Replace(IServiceCollection grains)
        {
            var own = grains.Last(service => service.ServiceType == typeof(IEventPublisher)).ImplementationType!;
            grains.AddSingleton<IEventPublisher>(services => new LostSignals((IEventPublisher)ActivatorUtilities.CreateInstance(services, own)));
        }

        public Task PublishAsync(ConversationAppended appended) => stream.PublishAsync(appended);

        public Task PublishAsync(TenantSignal signal) => Task.CompletedTask;
    }
}
