using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Presence;

/// <summary>People who look at each other, over the real sockets; time is the test's.</summary>
public sealed class PresenceTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private ChatServer _chat = null!;

    public async ValueTask InitializeAsync() => _chat = await ChatServer.StartAsync(new ChatSetup { Time = _time, Configure = FlakyLink.Replace });

    public ValueTask DisposeAsync() => _chat.DisposeAsync();

    [Fact]
    [Rule("P3")]
    [Rule("P6")]
    public async Task Watch_SomebodyComesAndGoes_IsOnlineAtOnceAndOfflineAfterTheGrace()
    {
        await HasPeopleAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        (await SeesNowAsync(bob, "ann")).GetProperty("state").GetString().ShouldBe("unknown");
        await SeesAsync(bob, "ann", "offline");

        var ann = await _chat.SignsInAsync("ann");
        await SeesAsync(bob, "ann", "online");

        await ann.DisposeAsync();
        await IsSoAsync(() => People == 1, "the end of the session was told");
        _time.Advance(24 * Second);
        (await SeesNowAsync(bob, "ann")).GetProperty("state").GetString().ShouldBe("online");
        _time.Advance(6 * Second);
        var seen = await SeesAsync(bob, "ann", "offline");
        seen.GetProperty("lastSeen").GetDateTimeOffset().Second.ShouldBe(0, "to the minute");
    }

    [Fact]
    [Rule("P3")]
    public async Task Session_ThatStays_IsRenewedByBeats()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        var until = _time.GetUtcNow() + TimeSpan.FromSeconds(200);
        await _time.AdvanceUntilAsync(2 * Second, () => _time.GetUtcNow() >= until, "time does not pass");

        (await SeesNowAsync(bob, "ann")).GetProperty("state").GetString().ShouldBe("online");
        ann.Session.Connection.Closed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    [Rule("P1")]
    [Rule("P3")]
    [Rule("P4")]
    public async Task SignIn_AgainAfterTheEndWasTold_StaysOnline()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        await PassesAsync(TimeSpan.FromSeconds(100));
        await ann.DisposeAsync();
        await IsSoAsync(() => People == 1, "the end of the session was told");

        await _chat.SignsInAsync("ann");
        await PassesAsync(TimeSpan.FromSeconds(60));

        (await SeesNowAsync(bob, "ann")).GetProperty("state").GetString().ShouldBe("online");
        ChangesOf(bob, "ann").ShouldNotContain("offline");

        async Task PassesAsync(TimeSpan span)
        {
            var until = _time.GetUtcNow() + span;
            await _time.AdvanceUntilAsync(2 * Second, () => _time.GetUtcNow() >= until, "time does not pass");
        }
    }

    [Fact]
    [Rule("P2")]
    public async Task Activity_OfSomebodyAway_IsOnlineAtOnce()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        var began = _time.GetUtcNow();
        await SeesAsync(bob, "ann", "away", step: 4 * Second);
        (_time.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(290));

        var away = _time.GetUtcNow();
        await ann.CallsAsync("Activity", new { });
        await SeesAsync(bob, "ann", "online");
        (_time.GetUtcNow() - away).ShouldBeLessThan(TimeSpan.FromSeconds(20), "not only with the next beat");
    }

    [Fact]
    [Rule("P2")]
    public async Task Activity_InTime_NeverShowsThePersonAway()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        for (var call = 0; call < 4; call++)
        {
            var next = _time.GetUtcNow() + TimeSpan.FromSeconds(290);
            await _time.AdvanceUntilAsync(5 * Second, () => _time.GetUtcNow() >= next, "time does not pass");
            await ann.CallsAsync("Activity", new { });
        }

        ChangesOf(bob, "ann").ShouldNotContain("away");
    }

    [Fact]
    [Rule("P1")]
    [Rule("P4")]
    [Rule("P9")]
    public async Task SetStatus_Dnd_ShowsUntilItsTimeAndTheNextDeviceKnowsIt()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        var until = new DateTimeOffset(_time.GetUtcNow().Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero).AddMinutes(1);
        var me = (await ann.CallsAsync("SetStatus", new { status = "dnd", until })).GetProperty("me");
        (me.GetProperty("status").GetString(), me.GetProperty("until").GetDateTimeOffset()).ShouldBe(("dnd", until));
        (await SeesAsync(bob, "ann", "dnd")).GetProperty("until").GetDateTimeOffset().ShouldBe(until);

        var phone = await _chat.SignsInAsync("ann");
        me = (await phone.HearsAsync("welcome")).GetProperty("me");
        (me.GetProperty("status").GetString(), me.GetProperty("until").GetDateTimeOffset(), me.GetProperty("showTyping").GetBoolean()).ShouldBe(("dnd", until, true));

        await SeesAsync(bob, "ann", "online");
        _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(until);
    }

    [Fact]
    [Rule("P1")]
    [Rule("P8")]
    public async Task SetStatus_Offline_LooksLikeSomebodyWhoIsNotThere()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        await ann.CallsAsync("SetStatus", new { status = "offline" });

        (await SeesAsync(bob, "ann", "offline")).TryGetProperty("lastSeen", out _).ShouldBeFalse();
        (await SeesNowAsync(ann, "ann")).GetProperty("state").GetString().ShouldBe("offline", "my own dot shows what others see");
    }

    [Fact]
    [Rule("P9")]
    public async Task SetStatus_BeyondItsBounds_IsRefused()
    {
        var ann = await _chat.SignsInAsync("ann");
        var now = _time.GetUtcNow();
        foreach (var request in new object[]
        {
            new { }, new { status = "busy" }, new { status = "Dnd" }, new { status = "dnd", until = now }, new { status = "dnd", until = now.AddDays(367) },
            new { status = "away", until = now.AddMinutes(1) },
        })
        {
            await ann.IsRefusedAsync("invalidRequest", "SetStatus", request);
        }

        await ann.IsRefusedAsync("invalidRequest", "SetPreferences", new { });
        (await ann.CallsAsync("SetPreferences", new { showTyping = false })).GetProperty("me").GetProperty("showTyping").GetBoolean().ShouldBeFalse();
        (await ann.CallsAsync("SetStatus", new { status = "auto" })).GetProperty("me").GetProperty("showTyping").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    [Rule("S14")]
    public async Task Watch_UpToItsBound_IsAnsweredOneForEachInTheOrderAsked()
    {
        await HasPeopleAsync("cleo");
        var ann = await _chat.SignsInAsync("ann");
        string[] users = ["ann", .. Enumerable.Range(1, 195).Select(number => $"nobody{number}"), "", "ann", new('x', 129), "cleo"];
        var seen = await WatchesAsync(ann, users);
        seen.Select(presence => presence.GetProperty("userId").GetString()).ShouldBe(users);
        seen.Where(presence => presence.GetProperty("state").GetString() == "online").Count().ShouldBe(2);

        await ann.IsRefusedAsync("invalidRequest", "Watch", new { users = (string[])[.. users, "one more"] });
        await ann.IsRefusedAsync("invalidRequest", "Watch", new { users = (string?[])[null] });
        await ann.IsRefusedAsync("invalidRequest", "Watch", new { });
        (await WatchesAsync(ann)).ShouldBeEmpty();
    }

    [Fact]
    [Rule("P10")]
    [Rule("R3")]
    public async Task Watch_SomebodyOfAnotherTenant_IsAnsweredLikeAnIdThatNobodyHasAndStaysSo()
    {
        var gus = await _chat.SignsInAsync("gus", "globex");
        var ann = await _chat.SignsInAsync("ann");
        foreach (var _ in (int[])[1, 2])
        {
            var answers = (await WatchesAsync(ann, "gus", "nobody")).Select(seen => seen.ToString().Replace("nobody", "gus", StringComparison.Ordinal)).ToList();
            answers[0].ShouldBe(answers[1]);
            answers[0].ShouldContain("\"unknown\"");
            await gus.CallsAsync("SetStatus", new { status = "dnd" });
            _time.Advance(61 * Second);
        }

        await WatchesAsync(ann, "ann", "gus");
        await ann.CallsAsync("SetStatus", new { status = "away" });
        await SeesAsync(ann, "ann", "away");
        ChangesOf(ann, "gus").ShouldBeEmpty();
    }

    [Fact]
    [Rule("P6")]
    public async Task Change_OfSomebodyNobodyWatches_IsToldToNobody()
    {
        var (ann, bob, cleo) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"), await _chat.SignsInAsync("cleo"));
        await WatchesAsync(bob, "ann", "cleo");
        await WatchesAsync(bob, "cleo");
        await ann.CallsAsync("SetStatus", new { status = "away" });
        await cleo.CallsAsync("SetStatus", new { status = "away" });

        await SeesAsync(bob, "cleo", "away");
        ChangesOf(bob, "ann").ShouldBeEmpty();
        cleo.Session.Events.ShouldNotContain(heard => heard.Name == "presence");
    }

    [Fact]
    [Rule("P6")]
    public async Task Session_ThatEnds_TakesItsWatchSetAndItsPlaceWithIt()
    {
        var watches = () => _chat.Services.GetRequiredService<TenantFeeds>().WatchesOf(TenantId.Of(Helpdesk.Tenant)).Count;
        var stays = await _chat.SignsInAsync("stays");
        for (var visit = 0; visit < 20; visit++)
        {
            var visitor = await _chat.SignsInAsync($"v{visit}");
            await WatchesAsync(visitor, "stays", $"v{visit}", $"v{visit + 1}");
            watches().ShouldBe((3, 1));
            await visitor.DisposeAsync();
            await _chat.HasSessionsAsync(1);
            watches().ShouldBe((0, 0));
        }

        await IsSoAsync(() => People == 1, "everybody's end was told");
        stays.Session.Connection.Closed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    [Rule("P7")]
    public async Task Presence_ThatCannotBeReadForTwoLeases_IsUnknownAndThenKnownAgain()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        var link = _chat.Services.GetRequiredService<FlakyLink>();
        link.Failure = new TimeoutException("planned");
        var failed = _time.GetUtcNow();
        await SeesAsync(bob, "ann", "unknown", step: 2 * Second);
        (_time.GetUtcNow() - failed).ShouldBeGreaterThan(TimeSpan.FromSeconds(90));

        link.Failure = null;
        await ann.CallsAsync("Activity", new { });
        await SeesAsync(bob, "ann", "online", step: 2 * Second);
    }

    [Fact]
    [Rule("P3")]
    public async Task Session_WhoseEndWasNotHeard_IsToldWithTheNextBeat()
    {
        var (ann, bob) = (await _chat.SignsInAsync("ann"), await _chat.SignsInAsync("bob"));
        await SeesNowAsync(bob, "ann");
        var link = _chat.Services.GetRequiredService<FlakyLink>();
        link.Failure = new TimeoutException("planned");
        await ann.DisposeAsync();
        await _chat.HasSessionsAsync(1);
        People.ShouldBe(2);

        link.Failure = null;
        await _time.AdvanceUntilAsync(Second, () => People == 1, "the end was never told");
        var told = _time.GetUtcNow();
        await SeesAsync(bob, "ann", "offline");
        (_time.GetUtcNow() - told).ShouldBeLessThan(TimeSpan.FromSeconds(60), "not only when the lease ends");
    }

    [Fact]
    public async Task Connect_WhilePresenceDoesNotAnswer_IsWelcomeWithoutMe()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { ConfigureGrains = static grains => BrokenStates.Replace(grains) });
        var ann = await chat.SignsInAsync("ann");

        (await ann.HearsAsync("welcome")).TryGetProperty("me", out _).ShouldBeFalse();
        await ann.SendsAsync(ann.With("ann"), "the chat goes on");
    }

    [Fact]
    [Rule("M7")]
    public async Task Presence_UsedUp_DoesNotBlockASend()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup { DefaultLimits = true, Time = _time });
        var ann = await chat.SignsInAsync("ann");
        foreach (var (method, request, calls) in new (string, object, int)[]
        {
            ("Activity", new { }, 10), ("Watch", new { users = (string[])["ann"] }, 10), ("Typing", new { conversationId = ann.With("ann"), typing = false }, 20),
        })
        {
            for (var call = 0; call < calls; call++)
            {
                await ann.CallsAsync(method, request);
            }

            (await ann.IsRefusedAsync("rateLimited", method, request)).GetProperty("error").GetProperty("retryAfterMs").GetInt64().ShouldBeGreaterThan(0);
        }

        await ann.SendsAsync(ann.With("ann"), "still sending");
    }

    private int People => _chat.Services.GetRequiredService<PresenceReporter>().People;

    /// <summary>Makes people known to the directory; nobody of them is connected.</summary>
    private async Task HasPeopleAsync(params string[] people) => await _chat.HasGroupAsync("everybody", people);

    private static async Task<List<JsonElement>> WatchesAsync(Participant viewer, params string[] users) =>
        [.. (await viewer.CallsAsync("Watch", new { users })).GetProperty("presence").EnumerateArray()];

    private static async Task<JsonElement> SeesNowAsync(Participant viewer, string user) => (await WatchesAsync(viewer, user)).ShouldHaveSingleItem();

    /// <summary>Time passes until the viewer's last news about somebody is this.</summary>
    private async Task<JsonElement> SeesAsync(Participant viewer, string user, string state, TimeSpan? step = null)
    {
        await _time.AdvanceUntilAsync(step ?? Second, () => ChangesOf(viewer, user).LastOrDefault() == state, $"{viewer.User} never saw {user} {state}");
        return News(viewer, user).Last();
    }

    private static List<string> ChangesOf(Participant viewer, string user) => [.. News(viewer, user).Select(change => change.GetProperty("state").GetString()!)];

    private static IEnumerable<JsonElement> News(Participant viewer, string user) => viewer.Session.Events
        .Where(heard => heard.Name == "presence")
        .SelectMany(heard => heard.Payload.GetProperty("changes").EnumerateArray())
        .Where(change => change.GetProperty("userId").GetString() == user);

    private static async Task IsSoAsync(Func<bool> isSo, string what)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var patience = new CancellationTokenSource(ChatServer.Patience);
        while (!isSo())
        {
            (await pace.WaitForNextTickAsync(patience.Token)).ShouldBeTrue(what);
        }
    }
}
