using OrleansChat.Conversations;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>What is left of a deleted message: its place, and nothing that it said (rule M10).</summary>
public sealed class DeleteTests
{
    [Theory]
    [EveryStore]
    [Rule("M10")]
    public async Task DeleteAsync_OwnMessage_LeavesATombstoneAndNoWord(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await host.Ann.PostsAsync(group, "kept");
        await host.Ann.PostsAsync(group, "my password <@bob>");
        await host.Ann.EditsAsync(group, 3, 1, "my password is x <@bob>");
        await host.Cleo.PostsAsync(group, "oh", 3);
        await host.Cleo.MarksReadAsync(group, 3);
        (await host.Bob.CountsAsync(group))!.Mentions.ShouldBe(1);

        var deleted = await host.Ann.DeletesAsync(group, 3);

        deleted.Refusal.ShouldBeNull();
        var tombstone = await host.Bob.SeesAsync(group, 3);
        (tombstone.Text, tombstone.DeletedAt, tombstone.Mentions, tombstone.Seq).ShouldBe(("", deleted.Time, null, 3));
        (await host.Bob.SeesAsync(group, 4)).ReplyTo.ShouldBe(
            new MessageQuote { Seq = 3, AuthorId = host.Ann.Id, AuthorName = "Ann Archer", Text = "", Deleted = true });
        (await host.Bob.ReadsVersionsAsync(group, 3)).ShouldSatisfyAllConditions(page => page.Found.ShouldBeTrue(), page => page.Versions.ShouldBeEmpty());
        (await host.Bob.CountsAsync(group)).ShouldSatisfyAllConditions(
            basis => basis!.Unread.ShouldBe(2, "kept and oh"), basis => basis!.Mentions.ShouldBe(0));
        (await host.Cleo.CountsAsync(group))!.Unread.ShouldBe(0, "was below the cursor");
        var everything = (await host.Bob.CatchesUpAsync(group, 0)).Changes;
        string.Concat(everything.Select(change => change.ToString())).ShouldNotContain("password");
        (await host.StoredAsync(group)).Length.ShouldBe(4);
        (await host.Ann.DeletesAsync(group, 3)).ShouldSatisfyAllConditions(again => again.Refusal.ShouldBeNull(), again => again.Rev.ShouldBe(deleted.Rev));
        (await host.Ann.EditsAsync(group, 3, 3, "back")).Refusal.ShouldBe(CommandRefusal.MessageDeleted);
        (await host.Bob.ReactsAsync(group, 3, "👍")).Refusal.ShouldBe(CommandRefusal.MessageDeleted);
    }

    [Theory]
    [EveryStore]
    [Rule("L2")]
    public async Task DeleteAsync_TheLastMessage_TheListShowsTheOneBefore(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        var created = (await host.Bob.ListsAsync()).Single().LastActivity;
        host.Time.Advance(TimeSpan.FromMinutes(1));
        var first = await host.Ann.PostsAsync(group, "first");
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.Ann.PostsAsync(group, "last");
        host.Time.Advance(TimeSpan.FromMinutes(1));

        await host.Ann.DeletesAsync(group, 3);

        var row = (await host.Bob.ListsAsync()).Single();
        (row.LastMessage!.Text, row.LastActivity).ShouldBe(("first", first.Time));
        var told = (await host.Events.ChangesAsync(group, 4))[^1].Deleted!;
        (told.LastMessage!.Seq, told.LastActivity).ShouldBe((2, first.Time));
        await host.Ann.DeletesAsync(group, 2);
        row = (await host.Bob.ListsAsync()).Single();
        (row.LastMessage, row.LastActivity).ShouldBe((null, created));
        (await host.Ann.PostsAsync(group, "anew")).Refusal.ShouldBeNull();
        (await host.Bob.ListsAsync()).Single().LastMessage!.Text.ShouldBe("anew");
    }

    [Theory]
    [EveryStore]
    [Rule("M10")]
    [Rule("R1")]
    public async Task DeleteAsync_AnothersMessage_NeedsThePermission(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "mine");

        (await host.Bob.DeletesAsync(group, 2)).Refusal.ShouldBe(CommandRefusal.Forbidden);
        (await host.Cleo.With(RolePermissions.Default(Role.Owner)).DeletesAsync(group, 2)).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Bob.With(RolePermissions.Default(Role.Admin)).DeletesAsync(group, 2)).Refusal.ShouldBeNull();
        (await host.Ann.SeesAsync(group, 2)).DeletedAt.ShouldNotBeNull();
    }
}
