using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

public sealed class CreateGroupTests
{
    [Theory]
    [EveryStore]
    [Rule("C4")]
    [Rule("C14")]
    public async Task CreateGroupAsync_New_IsThereForEveryMemberAndUnreadForNobody(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = ConversationId.Of(Guid.NewGuid());

        var result = await host.Ann.CreatesAsync(group, "  Stand-up ", [host.Bob, host.Bob, host.Ann]);

        result.ShouldBe(new CreateGroupResult { Head = new Head { Rev = 1, Seq = 1 } });
        foreach (var member in new[] { host.Ann, host.Bob })
        {
            var row = (await member.ListsAsync()).ShouldHaveSingleItem();
            (row.Title, row.Kind, row.LastMessage, row.Basis.Unread).ShouldBe(("Stand-up", ConversationKind.Group, null, 0));
        }

        (await host.Cleo.ListsAsync()).ShouldBeEmpty();
        var created = (await host.StoredAsync(group)).ShouldHaveSingleItem();
        (created.Kind, created.AuthorId, created.Fact!.Kind, created.Fact.After).ShouldBe((MessageKind.System, host.Ann.Id, SystemFactKind.Created, "Stand-up"));
        await host.Events.HearsAsync(group, 1);
        host.Events.Appended[0].Changes[0].Posted.ShouldBe(created, new MessageContent());
        (await host.Bob.PostsAsync(group, "hi")).Seq.ShouldBe(2);
    }

    [Theory]
    [EveryStore]
    [Rule("C4")]
    public async Task CreateGroupAsync_Repeated_ReturnsTheSameGroupAndOtherContentIsRefused(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (group, clientId) = (ConversationId.Of(Guid.NewGuid()), Guid.NewGuid());
        var first = await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId);
        await host.Bob.PostsAsync(group, "hi");

        (await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId)).ShouldBe(first);
        (await host.Ann.CreatesAsync(group, "Sit-down", [host.Bob], clientId)).Refusal.ShouldBe(CreateGroupRefusal.ClientIdReused);
        (await host.Ann.CreatesAsync(group, "Standup", [host.Cleo], clientId)).Refusal.ShouldBe(CreateGroupRefusal.ClientIdReused);
        (await host.Cleo.CreatesAsync(group, "Standup", [host.Bob], clientId)).Refusal.ShouldBe(CreateGroupRefusal.ClientIdReused);
        (await host.Cleo.ReadsAsync(group)).Found.ShouldBeFalse();
        await host.RestartAsync();
        (await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId)).ShouldBe(first);
        (await host.StoredAsync(group)).Length.ShouldBe(2);
    }

    [Theory]
    [EveryStore]
    [Rule("C4")]
    [Rule("M3")]
    public async Task CreateGroupAsync_RepeatedWhenRightsAreOthers_ReturnsTheSameGroup(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var (group, clientId) = (ConversationId.Of(Guid.NewGuid()), Guid.NewGuid());
        var first = await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId);
        var restricted = host.Ann.With(ChatPermissions.Use);

        await host.DeactivatesAsync(host.Bob);
        foreach (var remembered in (bool[])[true, false])
        {
            (await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId)).ShouldBe(first, $"{remembered}");
            (await restricted.CreatesAsync(group, "Standup", [host.Bob], clientId)).ShouldBe(first, $"{remembered}");
            (await restricted.CreatesAsync(group, "Sit-down", [host.Bob], clientId)).Refusal.ShouldBe(CreateGroupRefusal.ClientIdReused);
            await host.RestartAsync();
        }

        var another = ConversationId.Of(Guid.NewGuid());
        (await host.Ann.CreatesAsync(another, "Standup", [host.Bob], Guid.NewGuid())).Refusal.ShouldBe(CreateGroupRefusal.UnknownMember);
        (await restricted.CreatesAsync(another, "Standup", [host.Cleo], Guid.NewGuid())).Refusal.ShouldBe(CreateGroupRefusal.Forbidden);
        (await host.StoredAsync(group)).Length.ShouldBe(1);
    }

    [Fact]
    [Rule("C4")]
    public async Task CreateGroupAsync_TheStoresAnswerWasLost_TheGroupIsFoundAndMadeOnce()
    {
        await using var host = await ChatHost.StartAsync();
        var (group, clientId) = (ConversationId.Of(Guid.NewGuid()), Guid.NewGuid());
        host.Log.Next(FaultyMessageLog.FailsAfterWriting);

        (await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId)).Refusal.ShouldBeNull();
        (await host.Ann.CreatesAsync(group, "Standup", [host.Bob], clientId)).ShouldBe(new CreateGroupResult { Head = new Head { Rev = 1, Seq = 1 } });
        (await host.StoredAsync(group)).Length.ShouldBe(1);
    }

    [Fact]
    [Rule("C5")]
    public async Task CreateGroupAsync_BeyondABound_IsRefusedAndNothingIsWritten()
    {
        await using var host = await ChatHost.StartAsync(configure: options => options.MembersMax = 2);
        var group = ConversationId.Of(Guid.NewGuid());

        (await host.Ann.CreatesAsync(group, " ", [host.Bob])).Refusal.ShouldBe(CreateGroupRefusal.TitleInvalid);
        (await host.Ann.CreatesAsync(group, new string('x', 65), [host.Bob])).Refusal.ShouldBe(CreateGroupRefusal.TitleInvalid);
        (await host.Ann.CreatesAsync(group, "x", [host.Bob, host.Cleo])).Refusal.ShouldBe(CreateGroupRefusal.TooManyMembers);
        (await host.Ann.CreatesAsync(group, "x", [host.Person("nobody")])).Refusal.ShouldBe(CreateGroupRefusal.UnknownMember);
        (await host.Ann.CreatesAsync(host.Ann.With(host.Bob), "x", [host.Bob])).Refusal.ShouldBe(CreateGroupRefusal.NotFound);
        (await host.Foreigner("ann").CreatesAsync(group, "x", [host.Bob])).Refusal.ShouldBe(CreateGroupRefusal.NotFound);

        host.Log.Appends.ShouldBeEmpty();
        (await host.Ann.CreatesAsync(group, new string('x', 64), [host.Bob])).Refusal.ShouldBeNull();
    }

    [Fact]
    [Rule("C4")]
    public async Task CreateGroupAsync_SamePeopleTwice_AreTwoGroups()
    {
        await using var host = await ChatHost.StartAsync();

        await ChatHost.GroupAsync(host.Ann, host.Bob);
        await ChatHost.GroupAsync(host.Ann, host.Bob);

        (await host.Bob.ListsAsync()).Length.ShouldBe(2);
    }
}
