using OrleansChat.Conversations;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>What becomes of a message when its author changes it (rules M8, M9).</summary>
public sealed class EditTests
{
    [Theory]
    [EveryStore]
    [Rule("M8")]
    public async Task EditAsync_ByTheAuthor_ReplacesTheTextAndKeepsTheOneBefore(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "Teh first");
        await host.Ann.PostsAsync(group, "second");
        await host.Bob.MarksReadAsync(group, 3);
        var before = (await host.Bob.ListsAsync()).Single();
        host.Time.Advance(TimeSpan.FromMinutes(1));

        var edited = await host.Ann.EditsAsync(group, 2, 1, "The first");

        (edited.Refusal, edited.Seq, edited.Rev, edited.Version, edited.Duplicate).ShouldBe((null, 2, 4, 2, false));
        var message = await host.Bob.SeesAsync(group, 2);
        (message.Text, message.Version, message.EditedAt, message.Rev).ShouldBe(("The first", 2, edited.Time, 2));
        (await host.Bob.ReadsVersionsAsync(group, 2)).Versions.Select(version => (version.Version, version.Text)).ShouldBe([(1, "Teh first"), (2, "The first")]);
        var after = (await host.Bob.ListsAsync()).Single();
        (after.Basis.Unread, after.LastActivity, after.Head.Seq).ShouldBe((0, before.LastActivity, 3), "an edit is not unread and moves no list");
        (await host.Ann.EditsAsync(group, 3, 1, "SECOND")).Refusal.ShouldBeNull();
        (await host.Bob.ListsAsync()).Single().LastMessage!.Text.ShouldBe("SECOND", "the preview is the text that stands");
    }

    [Theory]
    [EveryStore]
    [Rule("M8")]
    public async Task EditAsync_BySomebodyElse_IsRefusedWhateverTheirRole(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "mine");

        (await host.Bob.With((ChatPermissions)int.MaxValue).EditsAsync(group, 2, 1, "yours")).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await host.Cleo.EditsAsync(group, 2, 1, "yours")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Foreigner("ann").EditsAsync(group, 2, 1, "yours")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Ann.EditsAsync(group, 1, 1, "a fact")).Refusal.ShouldBe(CommandRefusal.MessageNotFound);
        (await host.Ann.EditsAsync(group, 9, 1, "nothing")).Refusal.ShouldBe(CommandRefusal.MessageNotFound);
        (await host.Ann.EditsAsync(group, 2, 1, "  ")).Refusal.ShouldBe(CommandRefusal.TextEmpty);
        (await host.Ann.EditsAsync(group, 2, 1, new string('x', 10_001))).Refusal.ShouldBe(CommandRefusal.TextTooLong);
        (await host.Bob.SeesAsync(group, 2)).Text.ShouldBe("mine");
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task EditAsync_StaleVersion_IsRefusedAndSaysTheOneThatStands(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "one");
        await host.Ann.EditsAsync(group, 2, 1, "two");

        var stale = await host.Ann.EditsAsync(group, 2, 1, "three");

        (stale.Refusal, stale.Version).ShouldBe((CommandRefusal.VersionStale, 2));
        (await host.Ann.EditsAsync(group, 2, 2, "two")).Rev.ShouldBe(3, "what stands already changes nothing");
        (await host.Ann.EditsAsync(group, 2, 2, "three")).Refusal.ShouldBeNull();
    }

    [Theory]
    [EveryStore]
    [Rule("M3")]
    public async Task EditAsync_Repeated_IsAnsweredWithTheFirstEditForEver(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "one");
        var (clientId, postId) = (Guid.NewGuid(), Guid.NewGuid());
        await host.Ann.PostsAsync(group, "another", postId);
        var first = await host.Ann.EditsAsync(group, 2, 1, "two", clientId);
        await host.Ann.EditsAsync(group, 2, 2, "three");
        await host.RestartAsync();

        var repeated = await host.Ann.EditsAsync(group, 2, 1, "two", clientId);

        (repeated.Rev, repeated.Duplicate, repeated.Refusal).ShouldBe((first.Rev, true, null));
        (await host.Ann.EditsAsync(group, 2, 3, "other", clientId)).Refusal.ShouldBe(CommandRefusal.ClientIdReused);
        (await host.Ann.EditsAsync(group, 2, 3, "other", postId)).Refusal.ShouldBe(CommandRefusal.ClientIdReused, "an id of a post is none for an edit");
        (await host.Ann.PostsAsync(group, "two", clientId)).Refusal.ShouldBe(CommandRefusal.ClientIdReused, "an id of an edit is none for a post");
        (await host.Ann.SeesAsync(group, 2)).Text.ShouldBe("three");
    }

    [Theory]
    [EveryStore]
    [Rule("M9")]
    public async Task EditAsync_MentionsAddedAndRemoved_CountForThoseWhoHaveNotReadIt(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await host.Ann.PostsAsync(group, "<@bob> look");
        await host.Cleo.MarksReadAsync(group, 2);
        (await host.Bob.CountsAsync(group)).ShouldSatisfyAllConditions(basis => basis!.Unread.ShouldBe(1), basis => basis!.Mentions.ShouldBe(1));

        await host.Ann.EditsAsync(group, 2, 1, "<@cleo> look");

        (await host.Bob.CountsAsync(group))!.Mentions.ShouldBe(0, "removed from the text");
        (await host.Bob.CountsAsync(group))!.Unread.ShouldBe(1);
        (await host.Cleo.CountsAsync(group))!.Mentions.ShouldBe(0, "read before");
        await host.Ann.EditsAsync(group, 2, 2, "<@bob> <@cleo> look");
        (await host.Bob.CountsAsync(group))!.Mentions.ShouldBe(1, "added again");
    }

    [Fact]
    [Rule("M14")]
    public async Task EditAsync_ReadLaterFromTheLog_TellsTheTextOfNowAndTheMentionsOfThen()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "secret <@bob>");
        await host.Ann.EditsAsync(group, 2, 1, "harmless");

        var changes = (await host.Bob.CatchesUpAsync(group, 1)).Changes;

        changes.Select(change => change.Kind).ShouldBe([ChangeKind.Posted, ChangeKind.Edited]);
        changes[0].Posted!.Text.ShouldBe("harmless", "what was replaced does not come back");
        changes[0].Posted!.Mentions!.Users.ShouldBe([host.Bob.Id]);
        changes[1].Edited!.Before!.Users.ShouldBe([host.Bob.Id]);
        changes[1].Edited!.After.ShouldBeNull();
    }

    [Fact]
    [Rule("M8")]
    public async Task EditAsync_TheTenantLimitsTheTime_IsRefusedAfterIt()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "one");
        await host.DecidesAsync(policy => policy with { EditWindow = TimeSpan.FromMinutes(5) });

        host.Time.Advance(TimeSpan.FromMinutes(5));
        (await host.Ann.EditsAsync(group, 2, 1, "in time")).Refusal.ShouldBeNull();
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await host.Ann.EditsAsync(group, 2, 2, "too late")).Refusal.ShouldBe(CommandRefusal.EditClosed);
        (await host.Ann.DeletesAsync(group, 2)).Refusal.ShouldBeNull("deleting has no limit");
    }

    [Fact]
    [Rule("M8")]
    public async Task VersionsAsync_TheTenantDoesNotShowThem_SaysSoAndNothingElse()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "one");
        await host.Ann.EditsAsync(group, 2, 1, "two");
        await host.DecidesAsync(policy => policy with { ShowVersions = false });

        (await host.Bob.ReadsVersionsAsync(group, 2)).ShouldSatisfyAllConditions(
            page => page.Found.ShouldBeTrue(), page => page.Hidden.ShouldBeTrue(), page => page.Versions.ShouldBeEmpty());
        (await host.Cleo.ReadsVersionsAsync(group, 2)).ShouldSatisfyAllConditions(page => page.Found.ShouldBeFalse(), page => page.Hidden.ShouldBeFalse());
    }
}
