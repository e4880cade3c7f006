using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Who belongs to a group, and what follows from it at once (rules C5–C14).</summary>
public sealed class GroupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("C8")]
    [Rule("U1")]
    public async Task AddMembersAsync_NewMember_SeesAllHistoryAndOneUnread(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsManyAsync(group, 30);

        (await host.Bob.AddsAsync(group, host.Cleo)).Seq.ShouldBe(32);

        var row = (await host.Cleo.ListsAsync()).Single();
        (row.Basis.Unread, row.Basis.Mentions, row.Basis.ReadSeq).ShouldBe((1, 1, 31));
        (await host.Cleo.ReadsAsync(group)).Messages.Length.ShouldBe(32);
        (await host.Bob.CountsAsync(group))!.Unread.ShouldBe(30, "facts do not count for others");
        (await host.Cleo.MarksReadAsync(group, 32)).ShouldSatisfyAllConditions(basis => basis!.Unread.ShouldBe(0), basis => basis!.Mentions.ShouldBe(0));
    }

    [Theory]
    [EveryStore]
    [Rule("C10")]
    [Rule("C11")]
    public async Task RemoveMemberAsync_RemovedAndAddedAgain_LosesEverythingAndGetsItBack(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await host.Ann.PostsAsync(group, "one");

        (await host.Ann.RemovesAsync(group, host.Cleo)).Refusal.ShouldBeNull();

        await host.Ann.PostsAsync(group, "not for Cleo");
        (await host.Cleo.ListsAsync()).ShouldBeEmpty();
        (await host.Cleo.ReadsAsync(group)).Found.ShouldBeFalse();
        (await host.Cleo.CatchesUpAsync(group, 0)).Found.ShouldBeFalse();
        (await host.Cleo.ReadsVersionsAsync(group, 2)).Found.ShouldBeFalse();
        (await host.Cleo.ListsMembersAsync(group)).Found.ShouldBeFalse();
        (await host.Cleo.MarksReadAsync(group, 2)).ShouldBeNull();
        (await host.Cleo.PostsAsync(group, "still here?")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Cleo.SyncsAsync((group, 2))).Single().Row.ShouldBeNull();
        (await host.Ann.ListsMembersAsync(group)).ShouldSatisfyAllConditions(
            page => page.Count.ShouldBe(2), page => page.Members.Select(member => member.UserId).ShouldBe([host.Ann.Id, host.Bob.Id]));

        await host.Bob.AddsAsync(group, host.Cleo);

        (await host.Cleo.ReadsAsync(group)).Messages.Length.ShouldBe(5, "history of the time between included");
        (await host.Cleo.CountsAsync(group)).ShouldSatisfyAllConditions(
            basis => basis!.Unread.ShouldBe(1), basis => basis!.Mentions.ShouldBe(1), basis => basis!.ReadSeq.ShouldBe(4));
    }

    [Theory]
    [EveryStore]
    [Rule("C12")]
    public async Task RemoveMemberAsync_TheLastLeaves_TheGroupStaysStored(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Bob.RemovesAsync(group, host.Bob);

        (await host.Ann.RemovesAsync(group, host.Ann)).Refusal.ShouldBeNull();

        (await host.Ann.ListsAsync()).ShouldBeEmpty();
        (await host.Ann.AddsAsync(group, host.Ann)).Refusal.ShouldBe(CommandRefusal.NotFound);
        var stored = await host.Store.Log.ReadConversationAsync(host.Tenant, group, Cancellation);
        stored.ShouldNotBeNull().ShouldSatisfyAllConditions(kept => kept.Head.Seq.ShouldBe(3), kept => kept.Members.ShouldBeEmpty());
        (await host.Events.ChangesAsync(group, 3)).Select(change => change.Posted!.Fact!.Kind).ShouldBe([SystemFactKind.Created, SystemFactKind.Left, SystemFactKind.Left]);
    }

    [Fact]
    public async Task AddMembersAsync_NamedTwice_IsAddedOnce()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        (await host.Ann.AddsAsync(group, host.Cleo, host.Cleo)).Refusal.ShouldBeNull();
        (await host.Conversation(group).MembersAsync(TestContext.Current.CancellationToken)).Members.Length.ShouldBe(3);
        (await host.StoredAsync(group))[^1].Fact!.Targets.ShouldBe([host.Cleo.Id]);
    }

    [Theory]
    [EveryStore]
    [Rule("C7")]
    public async Task AddMembersAsync_WhoMayNotBe_IsRefusedWithTheReason(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store, options => options.MembersMax = 3);
        await host.Store.Directory.AddPeopleAsync(
            host.Tenant,
            [host.Person("dora").Record, host.Person("emil").Record, host.Person("gone").Record with { Active = false }],
            Cancellation);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);

        (await host.Ann.AddsAsync(group, host.Person("nobody"))).Refusal.ShouldBe(CommandRefusal.UnknownMember);
        (await host.Ann.AddsAsync(group, host.Person("gone"))).Refusal.ShouldBe(CommandRefusal.UnknownMember);
        (await host.Cleo.AddsAsync(group, host.Cleo)).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Ann.AddsAsync(host.Ann.With(host.Bob), host.Cleo)).Refusal.ShouldBe(CommandRefusal.NotFound, "not begun yet");
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "hi");
        (await host.Ann.AddsAsync(host.Ann.With(host.Bob), host.Cleo)).Refusal.ShouldBe(CommandRefusal.NotAGroup);
        (await host.Ann.AddsAsync(group, host.Cleo, host.Person("dora"))).Refusal.ShouldBe(CommandRefusal.TooManyMembers);
        (await host.Ann.AddsAsync(group, host.Cleo)).Refusal.ShouldBeNull();
        (await host.Ann.AddsAsync(group, host.Person("dora"))).Refusal.ShouldBe(CommandRefusal.TooManyMembers);
        (await host.Ann.AddsAsync(group, host.Cleo, host.Bob)).ShouldSatisfyAllConditions(
            again => again.Refusal.ShouldBeNull(), again => again.Rev.ShouldBe(2, "all are members already"));
    }

    [Theory]
    [EveryStore]
    [Rule("C7")]
    [Rule("R1")]
    public async Task AddMembersAsync_SomebodyOfARestrictedRole_IsRefusedAndNobodyIsAdded(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var sam = host.Person("sam");
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [sam.Record with { Role = Role.Supervisor }], Cancellation);
        await host.DecidesAsync(policy => policy with { Supervisor = TenantPolicyRules.All & ~ChatPermissions.Use });
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);

        (await host.Ann.AddsAsync(group, host.Cleo, sam)).Refusal.ShouldBe(CommandRefusal.MemberRestricted);
        (await host.Ann.CreatesAsync(ConversationId.Of(Guid.NewGuid()), "Other", [host.Cleo, sam])).Refusal.ShouldBe(CreateGroupRefusal.MemberRestricted);

        (await host.Cleo.ListsAsync()).ShouldBeEmpty();
        await host.DecidesAsync(policy => policy with { Supervisor = null });
        (await host.Ann.AddsAsync(group, sam)).Refusal.ShouldBeNull("the role may use the chat again");
    }

    [Theory]
    [EveryStore]
    [Rule("C5")]
    public async Task RenameAsync_ByAnyMember_IsStatedAndTheFormerNameKept(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var clientId = Guid.NewGuid();

        var renamed = await host.Bob.RenamesAsync(group, "  Sit-down ", clientId);

        var fact = (await host.Ann.SeesAsync(group, renamed.Seq)).Fact!;
        (fact.Kind, fact.Before, fact.After).ShouldBe((SystemFactKind.Renamed, "Standup", "Sit-down"));
        (await host.Ann.ListsAsync()).Single().Title.ShouldBe("Sit-down");
        (await host.Ann.CountsAsync(group))!.Unread.ShouldBe(0, "facts are not unread");
        (await host.Bob.RenamesAsync(group, "Sit-down", clientId)).ShouldSatisfyAllConditions(
            again => again.Rev.ShouldBe(renamed.Rev), again => again.Duplicate.ShouldBeTrue());
        (await host.Ann.RenamesAsync(group, "Sit-down")).Rev.ShouldBe(renamed.Rev, "it is called so");
        (await host.Ann.RenamesAsync(group, new string('x', 65))).Refusal.ShouldBe(CommandRefusal.TitleInvalid);
        (await host.Ann.RenamesAsync(group, new string('x', 64))).Refusal.ShouldBeNull();
        (await host.Cleo.RenamesAsync(group, "Mine")).Refusal.ShouldBe(CommandRefusal.NotFound);
    }

    [Fact]
    [Rule("R1")]
    public async Task Commands_WithoutThePermission_AreForbidden()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var all = RolePermissions.Default(Role.Owner);
        TestUser Without(ChatPermissions permission) => host.Ann.With(all & ~permission);

        (await Without(ChatPermissions.GroupRename).RenamesAsync(group, "x")).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await Without(ChatPermissions.GroupMembers).AddsAsync(group, host.Cleo)).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await Without(ChatPermissions.GroupMembers).RemovesAsync(group, host.Bob)).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await Without(ChatPermissions.Use).PostsAsync(group, "x")).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await Without(ChatPermissions.GroupCreate).CreatesAsync(Identity.ConversationId.Of(Guid.NewGuid()), "x", [])).Refusal
            .ShouldBe(CreateGroupRefusal.Forbidden);
        (await Without(ChatPermissions.GroupMembers).RemovesAsync(group, host.Ann)).Refusal.ShouldBeNull("leaving needs nothing");
    }

    [Fact]
    [Rule("R2")]
    public async Task PostAsync_MayReplyButNotStart_AnswersWhatAnotherBegan()
    {
        await using var host = await ChatHost.StartAsync();
        var restricted = host.Bob.With(RolePermissions.Default(Role.Agent) & ~ChatPermissions.DirectStart);

        (await restricted.PostsAsync(host.Bob.With(host.Ann), "hi")).Refusal.ShouldBe(CommandRefusal.Forbidden);
        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "hi");
        (await restricted.PostsAsync(host.Bob.With(host.Ann), "hi")).Refusal.ShouldBeNull();
        var silent = host.Bob.With(ChatPermissions.Use);
        (await silent.PostsAsync(host.Bob.With(host.Ann), "hi")).Refusal.ShouldBe(CommandRefusal.Forbidden);
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    [Rule("C9")]
    public async Task MembershipCommands_Repeated_AreDoneOnce(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var (adding, removing) = (Guid.NewGuid(), Guid.NewGuid());
        var added = await host.Ann.AddsAsync(group, adding, host.Cleo);
        var removed = await host.Ann.RemovesAsync(group, host.Cleo, removing);

        (await host.Ann.AddsAsync(group, adding, host.Cleo)).ShouldSatisfyAllConditions(
            again => again.Rev.ShouldBe(added.Rev), again => again.Duplicate.ShouldBeTrue());
        await host.RestartAsync();
        (await host.Ann.RemovesAsync(group, host.Cleo, removing)).ShouldSatisfyAllConditions(
            again => again.Rev.ShouldBe(removed.Rev), again => again.Duplicate.ShouldBeTrue());

        (await host.Ann.ListsMembersAsync(group)).Count.ShouldBe(2);
        (await host.StoredAsync(group)).Length.ShouldBe(3);
        (await host.Ann.RemovesAsync(group, host.Cleo)).Rev.ShouldBe(removed.Rev, "no member: nothing to remove");
    }

    [Theory]
    [EveryStore]
    [Rule("C13")]
    public async Task PostAsync_PeerDeactivated_IsRefusedAndHistoryStays(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [host.Person("gone").Record with { Active = false }], Cancellation);
        var conversation = host.Ann.With(host.Person("gone"));

        (await host.Ann.PostsAsync(conversation, "hello?")).Refusal.ShouldBe(CommandRefusal.NotFound, "nothing to begin with somebody who is gone");
        (await host.Ann.PostsAsync(host.Ann.With(host.Ann), "a note to myself")).Refusal.ShouldBeNull();

        await host.Ann.PostsAsync(host.Ann.With(host.Bob), "bye");
        await host.DeactivatesAsync(host.Bob);
        host.Time.Advance(TimeSpan.FromSeconds(3)); // What the directory said before holds for two.
        (await host.Ann.PostsAsync(host.Ann.With(host.Bob), "hello?")).Refusal.ShouldBe(CommandRefusal.PeerInactive);
        var history = await host.Ann.ReadsAsync(host.Ann.With(host.Bob));
        history.Messages.Select(message => message.Text).ShouldBe(["bye"]);
        (await host.Ann.ListsAsync()).Single(row => row.PeerId == host.Bob.Id).PeerName.ShouldBe("Bob Baker");
    }

    [Theory]
    [EveryStore]
    [Rule("C13")]
    [Rule("T6")]
    public async Task DirectConversation_PeerDeactivated_HearsNothingNewAndOwnWordsStayOwn(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var direct = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(direct, "bye");
        await host.Bob.PostsAsync(direct, "bye");
        var reacting = Guid.NewGuid();
        await host.Ann.ReactsAsync(direct, 2, "👋", clientId: reacting);
        await host.DeactivatesAsync(host.Bob);
        host.Time.Advance(TimeSpan.FromSeconds(3));

        (await host.Ann.ReactsAsync(direct, 2, "🎉")).Refusal.ShouldBe(CommandRefusal.PeerInactive);
        (await TypesAsync(typing: true)).ShouldBe(TypingRefusal.PeerInactive);
        (await TypesAsync(typing: false)).ShouldBeNull("who ceases says nothing");
        host.Events.Signals.OfType<TypingChanged>().ShouldBeEmpty();

        (await host.Ann.ReactsAsync(direct, 2, "👋", clientId: reacting)).Duplicate.ShouldBeTrue("a repetition is answered as it was");
        (await host.Ann.ReactsAsync(direct, 2, "👋")).Refusal.ShouldBeNull("it is so already");
        (await host.Ann.ReactsAsync(direct, 2, "👋", add: false)).Refusal.ShouldBeNull();
        (await host.Ann.EditsAsync(direct, 1, 1, "good-bye")).Refusal.ShouldBeNull();
        (await host.Ann.DeletesAsync(direct, 1)).Refusal.ShouldBeNull();

        async Task<TypingRefusal?> TypesAsync(bool typing) =>
            (await host.Conversation(direct).TypingAsync(new TypingNotice { Caller = host.Ann.Caller, Typing = typing }, Cancellation)).Refusal;
    }

    [Theory]
    [EveryStore]
    public async Task ReplyTo_AMessage_QuotesItAsItStands(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, new string('x', 300));

        var posted = await host.Bob.PostsAsync(group, "yes", 2);

        posted.Refusal.ShouldBeNull();
        var quote = (await host.Ann.SeesAsync(group, 3)).ReplyTo.ShouldNotBeNull();
        (quote.Seq, quote.AuthorId, quote.Text).ShouldBe((2, host.Ann.Id, new string('x', 200)));
        (await host.Events.ChangesAsync(group, 3))[^1].Posted!.ReplyTo.ShouldBe(quote, "told as it is read");
        await host.Ann.EditsAsync(group, 2, 1, "short");
        (await host.Ann.SeesAsync(group, 3)).ReplyTo!.Text.ShouldBe("short");
        (await host.Bob.PostsAsync(group, "to a fact", 1)).Refusal.ShouldBe(CommandRefusal.MessageNotFound);
        (await host.Bob.PostsAsync(group, "to nothing", 9)).Refusal.ShouldBe(CommandRefusal.MessageNotFound);
    }
}
