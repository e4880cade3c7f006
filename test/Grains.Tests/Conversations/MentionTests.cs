using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>Who is mentioned by what (rules C6, N1, N3, N4).</summary>
public sealed class MentionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("N1")]
    [Rule("N4")]
    [Rule("U2")]
    public async Task PostAsync_ByName_MentionsMembersAndTellsOfTheOthers(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);

        var posted = await host.Ann.PostsAsync(group, "<@bob> <@cleo> <@nobody> <@bob> <@ann>");

        posted.NotMembers.ShouldBe([host.Cleo.Id, UserId.Of("nobody")]);
        (await host.Bob.SeesAsync(group, 2)).Mentions.ShouldBe(new MentionSet { Users = [host.Bob.Id] });
        (await host.Bob.CountsAsync(group)).ShouldSatisfyAllConditions(basis => basis!.Unread.ShouldBe(1), basis => basis!.Mentions.ShouldBe(1));
        await host.Ann.PostsAsync(group, "no mention");
        (await host.Bob.CountsAsync(group)).ShouldSatisfyAllConditions(basis => basis!.Unread.ShouldBe(2), basis => basis!.Mentions.ShouldBe(1));
        (await host.Ann.CountsAsync(group))!.Mentions.ShouldBe(0, "nobody mentions themselves");
    }

    [Theory]
    [EveryStore]
    [Rule("N3")]
    public async Task PostAsync_All_MentionsEverybodyButTheAuthorWithoutARowForEach(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);

        (await host.Ann.PostsAsync(group, "<!all> lunch")).Refusal.ShouldBeNull();

        (await host.Bob.CountsAsync(group))!.Mentions.ShouldBe(1);
        (await host.Cleo.CountsAsync(group))!.Mentions.ShouldBe(1);
        (await host.Ann.CountsAsync(group))!.Mentions.ShouldBe(0);
        (await host.Bob.SeesAsync(group, 2)).Mentions.ShouldBe(new MentionSet { All = true });
        var direct = host.Ann.With(host.Bob);
        await host.Ann.PostsAsync(direct, "<!all> you");
        (await host.Bob.SeesAsync(direct, 1)).Mentions.ShouldBeNull("of groups only");
    }

    [Fact]
    [Rule("N3")]
    [Rule("C6")]
    public async Task PostAsync_AllInALargerGroup_AsksBackAndNeedsThePermission()
    {
        await using var host = await ChatHost.StartAsync();
        var people = Enumerable.Range(0, 15).Select(number => host.Person($"p{number}")).ToArray();
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [.. people.Select(person => person.Record)], Cancellation);
        var five = await ChatHost.GroupAsync([host.Ann, .. people[..5]]);
        var six = await ChatHost.GroupAsync([host.Ann, .. people[..6]]);
        var fifteen = await ChatHost.GroupAsync([host.Ann, .. people[..14]]);
        var sixteen = await ChatHost.GroupAsync([host.Ann, .. people]);

        (await host.Ann.PostsAsync(five, "<!all>")).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(six, "<!all>")).ShouldSatisfyAllConditions(
            asked => asked.Refusal.ShouldBe(CommandRefusal.ConfirmationNeeded), asked => asked.Recipients.ShouldBe(6));
        (await host.Ann.PostsAsync(six, "<!all>", null, wideConfirmed: true)).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(fifteen, "<!all>", null, wideConfirmed: true)).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(sixteen, "<!all>", null, wideConfirmed: true)).Refusal.ShouldBe(CommandRefusal.WideMentionForbidden);
        (await host.Ann.PostsAsync(sixteen, "<!here>", null, wideConfirmed: true)).Refusal.ShouldBe(CommandRefusal.WideMentionForbidden);
        (await host.Ann.PostsAsync(sixteen, "`<!all>`")).Refusal.ShouldBeNull("code mentions nobody");
        var lead = host.Ann.With(RolePermissions.Default(Role.Supervisor));
        (await lead.PostsAsync(sixteen, "<!all>", null, wideConfirmed: true)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task PostAsync_MoreNamesThanTheBound_IsRefused()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        static string Naming(int people) => string.Concat(Enumerable.Range(0, people).Select(number => $"<@p{number}>"));

        (await host.Ann.PostsAsync(group, Naming(50))).Refusal.ShouldBeNull();
        (await host.Ann.PostsAsync(group, Naming(51))).Refusal.ShouldBe(CommandRefusal.TooManyMentions);
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("a>b<c`d%e%3E")]
    [Rule("N1")]
    public void TokenOf_AnyId_IsFoundAgain(string id) => MentionText.Of(MentionText.TokenOf(UserId.Of(id))).Users.ShouldBe([UserId.Of(id)]);

    [Theory]
    [InlineData("`")]
    [InlineData("` ``")]
    [InlineData("<@")]
    [InlineData("<@x")]
    [InlineData("```\n")]
    [Rule("N1")]
    public void Of_HostileText_TakesTimeByItsLength(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 40_000 / piece.Length));

        Cost.ShouldBeLessThan(TimeSpan.FromMilliseconds(50), () => MentionText.Of(text)); // A quadratic reader needs seconds.
    }
}
