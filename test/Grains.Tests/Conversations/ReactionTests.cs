using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Reactions are sets: who reacts twice has reacted once.</summary>
public sealed class ReactionTests
{
    [Theory]
    [EveryStore]
    public async Task ReactAsync_TwoPeople_AreCountedOnceEachAndSeenByEachAsTheirs(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await host.Ann.PostsAsync(group, "done");
        await host.Bob.MarksReadAsync(group, 2);

        var first = await host.Bob.ReactsAsync(group, 2, "👍");
        await host.Ann.ReactsAsync(group, 2, "👍");
        await host.Ann.ReactsAsync(group, 2, "🎉");
        (await host.Bob.ReactsAsync(group, 2, "👍")).ShouldSatisfyAllConditions(
            again => again.Refusal.ShouldBeNull(), again => again.Rev.ShouldBe(5, "nothing changed"));

        first.Rev.ShouldBe(3);
        (await host.Bob.SeesAsync(group, 2)).Reactions.ShouldBe(
        [
            new Reaction { Emoji = "🎉", Count = 1, Users = [host.Ann.Id] },
            new Reaction { Emoji = "👍", Count = 2, Users = [host.Bob.Id, host.Ann.Id], Mine = true },
        ]);
        (await host.Cleo.SeesAsync(group, 2)).Reactions.ShouldAllBe(reaction => !reaction.Mine);
        await host.Bob.ReactsAsync(group, 2, "👍", add: false);
        await host.Ann.ReactsAsync(group, 2, "🎉", add: false);
        (await host.Bob.SeesAsync(group, 2)).Reactions.ShouldBe([new Reaction { Emoji = "👍", Count = 1, Users = [host.Ann.Id] }]);
        (await host.Bob.CountsAsync(group))!.Unread.ShouldBe(0);
        (await host.Bob.CatchesUpAsync(group, 2)).Changes.Select(change => (change.Reacted!.Added, change.Reacted.Count)).ShouldBe(
            [(true, 1), (true, 2), (true, 1), (false, 1), (false, 0)]);
    }

    [Fact]
    public async Task ReactAsync_BeyondTheBoundOfDifferentEmoji_IsRefused()
    {
        await using var host = await ChatHost.StartAsync(configure: options => options.ReactionsMax = 2);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "done");
        await host.Ann.ReactsAsync(group, 2, "👍");
        await host.Ann.ReactsAsync(group, 2, "🎉");

        (await host.Ann.ReactsAsync(group, 2, "❤️")).Refusal.ShouldBe(CommandRefusal.TooManyReactions);
        (await host.Bob.ReactsAsync(group, 2, "👍")).Refusal.ShouldBeNull("there already");
        (await host.Ann.ReactsAsync(group, 1, "👍")).Refusal.ShouldBe(CommandRefusal.MessageNotFound, "a fact");
        (await host.Cleo.ReactsAsync(group, 2, "👍")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Ann.ReactsAsync(group, 2, "thumbs")).Refusal.ShouldBe(CommandRefusal.EmojiInvalid);
    }

    [Fact]
    public async Task ReactAsync_MoreThanAreNamed_NamesTheFirst()
    {
        await using var host = await ChatHost.StartAsync();
        var people = Enumerable.Range(0, 22).Select(number => host.Person($"p{number:00}")).ToArray();
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [.. people.Select(person => person.Record)], TestContext.Current.CancellationToken);
        var group = await ChatHost.GroupAsync([host.Ann, .. people]);
        await host.Ann.PostsAsync(group, "done");
        foreach (var person in people)
        {
            (await person.ReactsAsync(group, 2, "👍")).Refusal.ShouldBeNull();
        }

        await people[0].ReactsAsync(group, 2, "👍", add: false);

        var reaction = (await people[21].SeesAsync(group, 2)).Reactions.Single();
        (reaction.Count, reaction.Mine).ShouldBe((21, true));
        reaction.Users.ShouldBe(people[1..21].Select(person => person.Id));
        (await host.Events.ChangesAsync(group, 25))[^1].Reacted!.Users.ShouldBe(reaction.Users, "told as it is read");
    }

    [Theory]
    [InlineData("👍", true)]
    [InlineData("👍🏽", true)]
    [InlineData("❤️", true)]
    [InlineData("👨‍👩‍👧‍👦", true)]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿", true)]
    [InlineData("🇩🇪", true)]
    [InlineData("1️⃣", true)]
    [InlineData("‼️", true)]
    [InlineData("©", true)]
    [InlineData("a", false)]
    [InlineData("1", false)]
    [InlineData("👍👍", false)]
    [InlineData("👍a", false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("\u200d", false)]
    [InlineData("\u202e👍", false)]
    [InlineData("a\u0301\u0301\u0301", false)]
    public void IsEmoji_OneGraphemeOfSymbols_IsOne(string text, bool expected) => EmojiRules.IsEmoji(text).ShouldBe(expected);

    [Fact]
    public void IsEmoji_LongerThanTheBound_IsNone()
    {
        EmojiRules.IsEmoji("👍" + string.Concat(Enumerable.Repeat("\u200d👍", 12))).ShouldBeTrue();
        EmojiRules.IsEmoji("👍" + string.Concat(Enumerable.Repeat("\u200d👍", 13))).ShouldBeFalse();
    }
}
