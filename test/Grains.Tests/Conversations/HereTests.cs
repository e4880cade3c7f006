using OrleansChat.Conversations;
using OrleansChat.Grains.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>@here: whom it means, and when it asks who is there (rules N3, C6).</summary>
public sealed class HereTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [EveryStore]
    [Rule("N3")]
    [Rule("U2")]
    public async Task PostAsync_Here_MentionsThoseWhoAreOnlineAndNobodyElse(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await ComeAsync(host, host.Ann, host.Cleo);

        (await host.Ann.PostsAsync(group, "<!here>")).Refusal.ShouldBeNull();
        await ComeAsync(host, host.Bob);

        (await host.Bob.SeesAsync(group, 2)).Mentions.ShouldBe(new MentionSet { Here = [host.Cleo.Id] }, "not the author, nor who comes later");
        (await host.Cleo.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(1);
        (await host.Bob.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(0);
        (await host.Ann.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(0);
    }

    [Fact]
    [Rule("N3")]
    public async Task PostAsync_Here_AsksBackByThoseOnlineAndWithAllByEverybody()
    {
        await using var host = await ChatHost.StartAsync();
        var people = await PeopleAsync(host, 8);
        var group = await ChatHost.GroupAsync([host.Ann, .. people]);
        await ComeAsync(host, [host.Ann, .. people[..5]]);

        (await host.Ann.PostsAsync(group, "<!here>")).Refusal.ShouldBeNull("five are there");
        await ComeAsync(host, people[5]);
        (await host.Ann.PostsAsync(group, "<!here>")).ShouldSatisfyAllConditions(
            asked => asked.Refusal.ShouldBe(CommandRefusal.ConfirmationNeeded), asked => asked.Recipients.ShouldBe(6));
        (await host.Ann.PostsAsync(group, "<!here> <!all>")).ShouldSatisfyAllConditions(
            asked => asked.Refusal.ShouldBe(CommandRefusal.ConfirmationNeeded), asked => asked.Recipients.ShouldBe(8));
        (await host.Ann.PostsAsync(group, "<!here> <!all>", null, wideConfirmed: true)).Refusal.ShouldBeNull();

        var mentions = (await host.StoredAsync(group))[^1].Mentions.ShouldNotBeNull();
        (mentions.All, mentions.Here.Length).ShouldBe((true, 6));
        (await people[0].CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(2, "each message counts once");
        (await people[7].CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(1, "only @all reached who is not there");
    }

    [Theory]
    [EveryStore]
    [Rule("N3")]
    [Rule("M9")]
    public async Task EditAsync_Here_MeansWhomItMeantAndNobodyWhenItIsAdded(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await ComeAsync(host, host.Cleo);
        await host.Ann.PostsAsync(group, "<!here>");
        await host.Ann.PostsAsync(group, "quiet");
        await ComeAsync(host, host.Bob);

        (await host.Ann.EditsAsync(group, 2, 1, "<!here> again")).Refusal.ShouldBeNull();
        (await host.Ann.EditsAsync(group, 3, 1, "<!here> too late")).Refusal.ShouldBeNull();

        (await host.Bob.SeesAsync(group, 2)).Mentions.ShouldBe(new MentionSet { Here = [host.Cleo.Id] });
        (await host.Bob.SeesAsync(group, 3)).Mentions.ShouldBeNull();
        (await host.Cleo.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(1);
        await host.Ann.EditsAsync(group, 2, 2, "nobody");
        await host.Ann.EditsAsync(group, 2, 3, "<!here> once more");
        (await host.Bob.SeesAsync(group, 2)).Mentions.ShouldBeNull("whom it meant was edited away");
    }

    [Fact]
    [Rule("N3")]
    [Rule("C9")]
    public async Task PostAsync_Here_SomebodyRemovedAndAddedAgain_IsMeantOnlyWhileThere()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await ComeAsync(host, host.Bob, host.Cleo);
        await host.Ann.RemovesAsync(group, host.Cleo);
        await host.Ann.PostsAsync(group, "<!here> without Cleo");
        await host.Ann.AddsAsync(group, host.Cleo);
        (await host.Cleo.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(1, "the fact that names her");

        await host.Ann.PostsAsync(group, "<!here> with Cleo");

        var messages = await host.StoredAsync(group);
        messages.Where(message => message.Mentions is not null).Select(message => string.Join(' ', message.Mentions!.Here)).ShouldBe(["bob", "bob cleo"]);
        (await host.Cleo.CountsAsync(group)).ShouldNotBeNull().Mentions.ShouldBe(2);
    }

    [Fact]
    [Rule("N3")]
    [Rule("C6")]
    public async Task PostAsync_HereThatIsRefusedOrRepeated_AsksNobodysPresence()
    {
        await using var host = await ChatHost.StartAsync();
        var people = await PeopleAsync(host, 15);
        var (sixteen, three) = (await ChatHost.GroupAsync([host.Ann, .. people]), await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo));

        (await host.Ann.PostsAsync(sixteen, "<!here>", null, wideConfirmed: true)).Refusal.ShouldBe(CommandRefusal.WideMentionForbidden);
        Asked().ShouldBe(0);

        var clientId = Guid.NewGuid();
        var posted = await host.Ann.PostsAsync(three, "<!here>", clientId);
        Asked().ShouldBe(3);
        await host.RestartAsync();
        foreach (var remembered in (bool[])[false, true])
        {
            (await host.Ann.PostsAsync(three, "<!here>", clientId)).ShouldSatisfyAllConditions(
                again => again.Seq.ShouldBe(posted.Seq, $"{remembered}"), again => again.Duplicate.ShouldBeTrue());
        }

        (await host.Person("dora").PostsAsync(three, "<!here>")).Refusal.ShouldBe(CommandRefusal.NotFound);
        (await host.Ann.With(default(ChatPermissions)).PostsAsync(three, "<!here>")).Refusal.ShouldBe(CommandRefusal.Forbidden);
        Asked().ShouldBe(3);

        int Asked() => host.States.Reads.Count(name => name == PresenceGrain.StateName);
    }

    [Fact]
    [Rule("N3")]
    [Rule("M1")]
    public async Task PostAsync_HereWhilePresenceDoesNotAnswer_MeansThoseWhoAnswered()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        await ComeAsync(host, host.Cleo);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.States.ReadsWaitFor = held.Task;
        var began = host.Time.GetUtcNow();

        var posting = host.Ann.PostsAsync(group, "<!here>");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!posting.IsCompleted && await pace.WaitForNextTickAsync(Cancellation))
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        (await posting).Refusal.ShouldBeNull();
        (host.Time.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(8), "a method is answered within 8 s");
        held.SetResult();
        (await host.StoredAsync(group))[^1].Mentions.ShouldNotBeNull().Here.ShouldBe([host.Cleo.Id]);
    }

    [Fact]
    [Rule("N3")]
    public async Task PostAsync_HereThatReachesMoreThanTheBound_IsRefused()
    {
        await using var host = await ChatHost.StartAsync(configure: options => options.HereMax = 2);
        var people = await PeopleAsync(host, 3);
        var group = await ChatHost.GroupAsync([host.Ann, .. people]);
        await ComeAsync(host, [host.Ann, .. people[..2]]);

        (await host.Ann.PostsAsync(group, "<!here>")).Refusal.ShouldBeNull("two besides the author");
        await ComeAsync(host, people[2]);
        (await host.Ann.PostsAsync(group, "<!here>")).Refusal.ShouldBe(CommandRefusal.TooManyMentions);
        (await host.Ann.PostsAsync(group, "<!all>")).Refusal.ShouldBeNull();
    }

    private static async Task<TestUser[]> PeopleAsync(ChatHost host, int count)
    {
        var people = Enumerable.Range(0, count).Select(number => host.Person($"p{number:00}")).ToArray();
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [.. people.Select(person => person.Record)], Cancellation);
        return people;
    }

    /// <summary>They have a device in their hands now.</summary>
    private static async Task ComeAsync(ChatHost host, params TestUser[] people)
    {
        foreach (var person in people)
        {
            await new TestGateway(host).BeatsAsync(person);
        }
    }
}
