using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tests.Conversations;

public sealed class TypingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Rule("T1")]
    [Rule("T5")]
    [Rule("T6")]
    public async Task TypingAsync_MemberBeginsAndCeases_IsToldToTheOthersAndStoredNowhere()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob, host.Cleo);
        var (appends, published) = (host.Log.Appends.Count, host.Events.Appended.Count);

        (await TypesAsync(host, group, host.Ann)).ShouldBe(new TypingResult());
        (await TypesAsync(host, group, host.Ann, typing: false)).ShouldBe(new TypingResult());

        var told = host.Events.Signals.Cast<TypingChanged>().ToList();
        told.Select(changed => changed.Typing).ShouldBe([true, false]);
        foreach (var changed in told)
        {
            (changed.TenantId, changed.ConversationId, changed.UserId).ShouldBe((host.Tenant, group, host.Ann.Id));
            changed.Recipients.ShouldBe([host.Bob.Id, host.Cleo.Id], ignoreOrder: true);
        }

        (host.Log.Appends.Count, host.Events.Appended.Count).ShouldBe((appends, published));
    }

    [Fact]
    [Rule("T6")]
    public async Task TypingAsync_StrangerOrOtherTenant_IsNotFoundAndNobodyHears()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        foreach (var stranger in new[] { host.Cleo, host.Foreigner("ann") })
        {
            (await TypesAsync(host, group, stranger)).Refusal.ShouldBe(TypingRefusal.NotFound);
            (await TypesAsync(host, host.Ann.With(host.Bob), stranger)).Refusal.ShouldBe(TypingRefusal.NotFound);
            (await TypesAsync(host, ConversationId.Of(Guid.NewGuid()), stranger, typing: false)).Refusal.ShouldBe(TypingRefusal.NotFound);
        }

        host.Events.Signals.ShouldBeEmpty();
    }

    [Fact]
    [Rule("T6")]
    [Rule("R2")]
    public async Task TypingAsync_MemberWhoMayNotWrite_IsForbiddenAndNobodyHears()
    {
        await using var host = await ChatHost.StartAsync();
        var (direct, group) = (host.Ann.With(host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        await host.Ann.PostsAsync(direct, "hi");
        foreach (var (conversation, lacking) in new[] { (group, ChatPermissions.Use), (direct, ChatPermissions.DirectStart | ChatPermissions.DirectReply) })
        {
            var restricted = host.Ann.Caller with { Permissions = host.Ann.Caller.Permissions & ~lacking };
            (await host.Conversation(conversation).TypingAsync(new TypingNotice { Caller = restricted, Typing = true }, Cancellation))
                .Refusal.ShouldBe(TypingRefusal.Forbidden);
        }

        host.Events.Signals.ShouldBeEmpty();
    }

    [Fact]
    [Rule("C3")]
    [Rule("T4")]
    public async Task TypingAsync_DirectConversation_IsToldOnlyAfterItsFirstMessage()
    {
        await using var host = await ChatHost.StartAsync();
        var direct = host.Ann.With(host.Bob);
        (await TypesAsync(host, direct, host.Ann)).ShouldBe(new TypingResult());
        host.Events.Signals.ShouldBeEmpty();

        await host.Ann.PostsAsync(direct, "hi");
        await TypesAsync(host, direct, host.Ann);
        host.Events.Signals.ShouldHaveSingleItem().ShouldBeOfType<TypingChanged>().Recipients.ShouldBe([host.Bob.Id]);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [Rule("T4")]
    public async Task TypingAsync_Members_AreToldUpTo100(int members, bool told)
    {
        await using var host = await ChatHost.StartAsync();
        TestUser[] people = [host.Ann, .. Enumerable.Range(2, members - 1).Select(number => host.Person($"p{number}"))];
        await host.Store.Directory.AddPeopleAsync(host.Tenant, [.. people[1..].Select(person => person.Record)], Cancellation);
        await host.RestartAsync();
        var group = await ChatHost.GroupAsync(people);

        (await TypesAsync(host, group, host.Ann)).ShouldBe(new TypingResult());
        host.Events.Signals.Count.ShouldBe(told ? 1 : 0);
    }

    [Fact]
    [Rule("M7")]
    public async Task TypingAsync_SoonerThanTheInterval_IsRefusedWithTheTimeLeftPerPersonAndConversation()
    {
        await using var host = await ChatHost.StartAsync();
        var (group, other) = (await ChatHost.GroupAsync(host.Ann, host.Bob), await ChatHost.GroupAsync(host.Ann, host.Bob));
        await TypesAsync(host, group, host.Ann);
        host.Time.Advance(1.5 * Second);

        (await TypesAsync(host, group, host.Ann)).ShouldBe(new TypingResult { Refusal = TypingRefusal.RateLimited, RetryAfter = 0.5 * Second });
        (await TypesAsync(host, group, host.Bob)).Refusal.ShouldBeNull();
        (await TypesAsync(host, other, host.Ann)).Refusal.ShouldBeNull();
        (await TypesAsync(host, group, host.Ann, typing: false)).Refusal.ShouldBeNull("the end always passes");
        (await TypesAsync(host, group, host.Ann)).Refusal.ShouldBe(TypingRefusal.RateLimited, "an end does not shorten the interval");
        host.Time.Advance(0.5 * Second);
        (await TypesAsync(host, group, host.Ann)).Refusal.ShouldBeNull();
    }

    [Fact]
    [Rule("T6")]
    public async Task TypingAsync_EndsThatEndNothing_AreNotTold()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await TypesAsync(host, group, host.Ann, typing: false);
        host.Events.Signals.ShouldBeEmpty();

        await TypesAsync(host, group, host.Ann);
        for (var end = 0; end < 5; end++)
        {
            await TypesAsync(host, group, host.Ann, typing: false);
        }

        host.Events.Signals.Count.ShouldBe(2);
        host.Time.Advance(3 * Second);
        await TypesAsync(host, group, host.Ann);
        host.Time.Advance(10 * Second);
        await TypesAsync(host, group, host.Ann, typing: false);
        host.Events.Signals.Count.ShouldBe(3, "readers have forgotten it by then (rule T2)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rule("T6")]
    public async Task TypingAsync_ThePublicationFails_IsAnsweredAllTheSame(bool atOnce)
    {
        await using var host = await ChatHost.StartAsync();
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        (host.Events.Fails, host.Events.ThrowsAtOnce) = (true, atOnce);

        (await TypesAsync(host, group, host.Ann)).ShouldBe(new TypingResult());
    }

    [Fact]
    public void Begin_ManyPeopleOverTime_RemembersOnlyWhoTypesNow()
    {
        var notices = new Grains.Conversations.TypingNotices(2 * Second);
        var now = DateTimeOffset.UnixEpoch;
        for (var person = 0; person < 1_000; person++, now += Second)
        {
            notices.Begin(UserId.Of($"p{person}"), now);
        }

        notices.Count.ShouldBeLessThanOrEqualTo(10);
    }

    private static Task<TypingResult> TypesAsync(ChatHost host, ConversationId conversation, TestUser user, bool typing = true) =>
        host.Conversation(conversation).TypingAsync(new TypingNotice { Caller = user.Caller, Typing = typing }, Cancellation);
}
