using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Tests.Presence;

public sealed class PresenceGrainTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Rule("P3")]
    public async Task BeatAsync_LastSocketClosed_IsOfflineWithin30sAndAReconnectDoesNotFlap()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);

        await gateway.EndsAsync(host.Ann);
        host.Time.Advance(20 * Second);
        await gateway.BeatsAsync(host.Ann);
        host.Time.Advance(20 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Online);
        await PublishedAsync(host, PresenceState.Online);

        await gateway.EndsAsync(host.Ann);
        host.Time.Advance(24 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Online);
        host.Time.Advance(6 * Second);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Offline);
        (await StateAsync(host)).ShouldBe(PresenceState.Offline);
    }

    [Fact]
    [Rule("P3")]
    public async Task BeatAsync_GatewayKilled_IsOfflineWithin80s()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        await gateway.BeatsForAsync(TimeSpan.FromSeconds(50), host.Ann);

        host.Time.Advance(74 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Online);
        host.Time.Advance(6 * Second);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Offline);
    }

    [Fact]
    [Rule("P3")]
    public async Task BeatAsync_TwoGateways_TheOthersSessionsKeepThePersonOnline()
    {
        await using var host = await ChatHost.StartAsync();
        var (one, other) = (new TestGateway(host), new TestGateway(host));
        await one.BeatsAsync(host.Ann);
        await other.BeatsAsync(host.Ann);

        await one.EndsAsync(host.Ann);
        await other.BeatsForAsync(TimeSpan.FromSeconds(100), host.Ann);
        await PublishedAsync(host, PresenceState.Online);
    }

    [Fact]
    [Rule("P3")]
    public async Task BeatAsync_ComesAfterTheEndItPreceded_IsIgnored()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        var late = gateway.Beat(host.Ann, live: true);
        await gateway.EndsAsync(host.Ann);

        await host.Presence(host.Ann).BeatAsync(late, Cancellation);

        host.Time.Advance(30 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Offline);
    }

    [Fact]
    [Rule("P2")]
    [Rule("P4")]
    [Rule("P5")]
    public async Task BeatAsync_InputOnOneOfTwoDevices_IsOnlineAndAwayAfter300sWithoutAnyAndOnlyChangesArePublished()
    {
        await using var host = await ChatHost.StartAsync();
        var (desk, phone) = (new TestGateway(host), new TestGateway(host));
        await desk.BeatsAsync(host.Ann);
        await phone.BeatsAsync(host.Ann);
        for (var minute = 0; minute < 10; minute++)
        {
            await phone.BeatsForAsync(TimeSpan.FromSeconds(60), host.Ann);
            await phone.TouchesAsync(host.Ann);
            await desk.BeatsAsync(host.Ann);
        }

        await PublishedAsync(host, PresenceState.Online);
        await phone.BeatsForAsync(TimeSpan.FromSeconds(299), host.Ann);
        await desk.BeatsAsync(host.Ann);
        (await StateAsync(host)).ShouldBe(PresenceState.Online);
        host.Time.Advance(Second);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Away);

        await desk.TouchesAsync(host.Ann);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Away, PresenceState.Online);
    }

    [Fact]
    [Rule("P2")]
    public async Task BeatAsync_ComesBackWithinTheGrace_IsNoInput()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        await gateway.BeatsForAsync(TimeSpan.FromSeconds(400), host.Ann);
        await gateway.EndsAsync(host.Ann);
        host.Time.Advance(5 * Second);

        await new TestGateway(host).BeatsAsync(host.Ann);

        (await StateAsync(host)).ShouldBe(PresenceState.Away);
    }

    [Theory]
    [EveryStore]
    [Rule("P1")]
    public async Task SetStatusAsync_EveryChoice_ShowsAndOutlivesARestart(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        foreach (var (status, state) in new[]
        {
            (ManualStatus.Away, PresenceState.Away), (ManualStatus.Dnd, PresenceState.Dnd), (ManualStatus.Auto, PresenceState.Online), (ManualStatus.Offline, PresenceState.Offline),
        })
        {
            var set = await SetAsync(host, status);
            set.Own.ShouldNotBeNull().Status.ShouldBe(status);
            (await StateAsync(host)).ShouldBe(state);
        }

        (await host.Presence(host.Ann).SetShowTypingAsync(host.Ann.Caller, false, Cancellation)).ShouldNotBeNull().ShowTyping.ShouldBeFalse();
        await host.RestartAsync();

        var own = await new TestGateway(host).BeatsAsync(host.Ann);
        (own.Status, own.ShowTyping).ShouldBe((ManualStatus.Offline, false));
        (await host.Presence(host.Ann).ShowsTypingAsync(Cancellation)).ShouldBeFalse();
        host.Time.Advance(30 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Offline);
    }

    [Theory]
    [EveryStore]
    public async Task SetStatusAsync_IsStored_InWordsThatAreForEver(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await SetAsync(host, ManualStatus.Dnd, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        var stored = (await host.Store.States.ReadAsync("presence", "presence/presence/acme/u/ann", Cancellation)).ShouldNotBeNull();
        stored.Version.ShouldBe(1);
        var members = System.Text.Json.JsonElement.Parse(stored.Content).EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString());
        members.ShouldBe(
            new Dictionary<string, string> { ["Status"] = "3", ["Until"] = "2026-03-01T12:00:00+00:00", ["ShowTyping"] = "True", ["LastSeen"] = "" }, ignoreOrder: true);
    }

    [Fact]
    [Rule("P1")]
    public async Task SetStatusAsync_WhileDisconnected_StaysOffline()
    {
        await using var host = await ChatHost.StartAsync();
        await SetAsync(host, ManualStatus.Dnd);
        host.Time.Advance(30 * Second);

        (await StateAsync(host)).ShouldBe(PresenceState.Offline);
    }

    [Fact]
    [Rule("P9")]
    [Rule("P4")]
    public async Task SetStatusAsync_TimedDnd_CountsOnAllDevicesAndEndsWithin5s()
    {
        await using var host = await ChatHost.StartAsync();
        var (desk, phone) = (new TestGateway(host), new TestGateway(host));
        await desk.BeatsAsync(host.Ann);
        var until = host.Time.GetUtcNow() + TimeSpan.FromSeconds(40);
        await SetAsync(host, ManualStatus.Dnd, until);
        await phone.BeatsAsync(host.Ann);
        await phone.TouchesAsync(host.Ann);
        var shown = await host.Presence(host.Ann).ReadAsync(Cancellation);
        (shown.State, shown.Until).ShouldBe((PresenceState.Dnd, until));

        host.Time.Advance(39 * Second);
        (await StateAsync(host)).ShouldBe(PresenceState.Dnd);
        host.Time.Advance(5 * Second);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Dnd, PresenceState.Online);
        (await desk.BeatsAsync(host.Ann)).Status.ShouldBe(ManualStatus.Auto);
    }

    [Fact]
    [Rule("P9")]
    public async Task SetStatusAsync_UntilBeyondItsBounds_IsRefused()
    {
        await using var host = await ChatHost.StartAsync();
        var now = host.Time.GetUtcNow();
        var longest = now + TimeSpan.FromDays(366);
        (await SetAsync(host, ManualStatus.Dnd, now)).Refusal.ShouldBe(SetStatusRefusal.UntilInvalid);
        (await SetAsync(host, ManualStatus.Dnd, longest + TimeSpan.FromTicks(1))).Refusal.ShouldBe(SetStatusRefusal.UntilInvalid);
        (await SetAsync(host, ManualStatus.Away, longest)).Refusal.ShouldBe(SetStatusRefusal.UntilInvalid);
        (await SetAsync(host, ManualStatus.Dnd, longest)).Refusal.ShouldBeNull();
        (await SetAsync(host, ManualStatus.Dnd, now + TimeSpan.FromTicks(1))).Refusal.ShouldBeNull();
    }

    [Fact]
    [Rule("P10")]
    public async Task AnyCommand_OfSomebodyElse_IsRefused()
    {
        await using var host = await ChatHost.StartAsync();
        foreach (var other in new[] { host.Bob, host.Foreigner("ann") })
        {
            (await host.Presence(host.Ann).SetStatusAsync(new SetStatus { Caller = other.Caller, Status = ManualStatus.Dnd }, Cancellation))
                .Refusal.ShouldBe(SetStatusRefusal.NotFound);
            (await host.Presence(host.Ann).SetShowTypingAsync(other.Caller, false, Cancellation)).ShouldBeNull();
        }

        (await host.Presence(host.Ann).ShowsTypingAsync(Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task SetStatusAsync_StoreDown_FailsAndNothingChanges()
    {
        await using var host = await ChatHost.StartAsync();
        await new TestGateway(host).BeatsAsync(host.Ann);
        host.States.WritesFail = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => SetAsync(host, ManualStatus.Away));
        (await StateAsync(host)).ShouldBe(PresenceState.Online);

        host.States.WritesFail = false;
        (await SetAsync(host, ManualStatus.Away)).Refusal.ShouldBeNull();
        await PublishedAsync(host, PresenceState.Online, PresenceState.Away);
    }

    [Theory]
    [EveryStore]
    public async Task SetStatusAsync_SomethingElseWasStoredMeanwhile_BothCount(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        await SetAsync(host, ManualStatus.Away);
        var stored = (await host.Store.States.ReadAsync("presence", "presence/presence/acme/u/ann", Cancellation)).ShouldNotBeNull();
        var content = System.Text.Json.Nodes.JsonNode.Parse(stored.Content)!;
        content["ShowTyping"] = false;
        await host.Store.States.WriteAsync("presence", "presence/presence/acme/u/ann", content.ToJsonString(), stored.Version, Cancellation);

        var own = (await SetAsync(host, ManualStatus.Dnd)).Own.ShouldNotBeNull();

        (own.Status, own.ShowTyping).ShouldBe((ManualStatus.Dnd, false));
        await host.RestartAsync();
        own = await new TestGateway(host).BeatsAsync(host.Ann);
        (own.Status, own.ShowTyping).ShouldBe((ManualStatus.Dnd, false));
    }

    [Theory]
    [EveryStore]
    [Rule("P8")]
    public async Task ReadAsync_AfterARestart_StillKnowsWhenThePersonWasLastSeen(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        await gateway.EndsAsync(host.Ann);
        host.Time.Advance(30 * Second);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Offline);
        await host.RestartAsync();
        host.Time.Advance(TimeSpan.FromMinutes(10));
        (await StateAsync(host)).ShouldBe(PresenceState.Unknown);
        host.Time.Advance(TimeSpan.FromMinutes(1));

        (await host.Presence(host.Ann).ReadAsync(Cancellation)).LastSeen.ShouldBe(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
        await SetAsync(host, ManualStatus.Offline);
        (await host.Presence(host.Ann).ReadAsync(Cancellation)).LastSeen.ShouldBeNull("who appears offline hides it");
    }

    [Fact]
    [Rule("P8")]
    public async Task BeatAsync_AnHourOfInput_IsStoredAFewTimesOnly()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        for (var beat = 0; beat < 144; beat++)
        {
            await gateway.TouchesAsync(host.Ann);
            host.Time.Advance(IPresenceGrain.BeatInterval);
        }

        host.States.Writes.ShouldBeInRange(5, 8);
    }

    [Fact]
    [Rule("P3")]
    public async Task ReadAsync_FreshActivation_AnswersUnknownForOneBeatIntervalAndNobodyFlaps()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        await gateway.BeatsAsync(host.Ann);
        await gateway.BeatsForAsync(TimeSpan.FromSeconds(400), host.Ann);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Away);

        await host.RestartAsync();
        (await StateAsync(host)).ShouldBe(PresenceState.Unknown);
        await gateway.BeatsAsync(host.Ann);
        (await StateAsync(host)).ShouldBe(PresenceState.Unknown);
        host.Time.Advance(IPresenceGrain.BeatInterval);
        await PublishedAsync(host, PresenceState.Online, PresenceState.Away, PresenceState.Away);
        (await StateAsync(host)).ShouldBe(PresenceState.Away);
    }

    [Fact]
    [Rule("P5")]
    public async Task IsOnlineAsync_OfSomebodyNobodyWatches_PublishesNothing()
    {
        await using var host = await ChatHost.StartAsync();
        (await host.PresenceReader().OnlineAsync([host.Ann.Id, host.Bob.Id], Cancellation)).ShouldBeEmpty();
        host.Time.Advance(30 * Second);
        (await host.PresenceReader().OnlineAsync([host.Ann.Id, host.Bob.Id], Cancellation)).ShouldBeEmpty();

        host.Events.Signals.ShouldBeEmpty();
    }

    [Fact]
    [Rule("N3")]
    public async Task OnlineAsync_EveryState_AreThoseAtADeviceAndDnd()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        foreach (var user in new[] { host.Ann, host.Bob, host.Cleo })
        {
            await gateway.BeatsAsync(user);
        }

        await SetAsync(host, ManualStatus.Dnd);
        await host.Presence(host.Bob).SetStatusAsync(new SetStatus { Caller = host.Bob.Caller, Status = ManualStatus.Offline }, Cancellation);
        (await host.PresenceReader().OnlineAsync([host.Bob.Id, host.Cleo.Id, host.Person("dora").Id, host.Ann.Id], Cancellation)).ShouldBe([host.Cleo.Id, host.Ann.Id]);

        await gateway.BeatsForAsync(TimeSpan.FromSeconds(301), host.Cleo);
        (await host.PresenceReader().OnlineAsync([host.Cleo.Id], Cancellation)).ShouldBeEmpty("who is away is not here");
    }

    [Fact]
    [Rule("P10")]
    public async Task ReadAsync_OfAnotherTenantAndOfNobody_AreAnsweredAlike()
    {
        await using var host = await ChatHost.StartAsync();
        await new TestGateway(host).BeatsAsync(host.Ann);
        await host.Store.Directory.AddPeopleAsync(TenantId.Of("globex"), [host.Foreigner("gus").Record], Cancellation);

        foreach (var (tenant, user) in new[] { ("acme", "gus"), ("acme", "nobody"), ("globex", "ann"), ("globex", "nobody") })
        {
            for (var time = 0; time < 2; time++)
            {
                var read = (await host.PresenceReader(TenantId.Of(tenant)).ReadAsync([UserId.Of(user)], Cancellation)).ShouldHaveSingleItem();
                (read.UserId.Value, read.State, read.LastSeen, read.Until).ShouldBe((user, PresenceState.Unknown, null, null));
                host.Time.Advance(30 * Second);
            }
        }
    }

    [Fact]
    public async Task ReadAsync_AsManyAsAConversationHasMembers_AreAnsweredInTheOrderAskedAndOneMoreIsRefused()
    {
        await using var host = await ChatHost.StartAsync();
        await new TestGateway(host).BeatsAsync(host.Bob);
        UserId[] users = [.. Enumerable.Range(0, IPresenceReaderGrain.PeopleMax).Select(number => UserId.Of($"u{number}"))];
        users[9_998] = host.Bob.Id;

        var read = await host.PresenceReader().ReadAsync([.. users], Cancellation);
        read.Select(presence => presence.UserId).ShouldBe(users);
        read.Where(presence => presence.State != PresenceState.Unknown).ShouldHaveSingleItem().State.ShouldBe(PresenceState.Online);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => host.PresenceReader().ReadAsync([.. users, host.Ann.Id], Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => host.PresenceReader().OnlineAsync([.. users, host.Ann.Id], Cancellation));
    }

    [Fact]
    [Rule("P3")]
    public async Task BeatAsync_ManyPeopleInOneCall_EachHasItsLease()
    {
        await using var host = await ChatHost.StartAsync();
        var gateway = new TestGateway(host);
        (await host.PresenceBeats().BeatAsync([gateway.Beat(host.Ann, live: true), gateway.Beat(host.Bob, live: true)], Cancellation)).ShouldBeEmpty();

        (await host.PresenceReader().ReadAsync([host.Bob.Id, host.Cleo.Id, host.Ann.Id], Cancellation)).Select(presence => presence.State)
            .ShouldBe([PresenceState.Online, PresenceState.Unknown, PresenceState.Online]);
    }

    [Fact]
    [Rule("P5")]
    public async Task BeatAsync_ThePublicationFails_TheBeatDoesNot()
    {
        await using var host = await ChatHost.StartAsync();
        (host.Events.Fails, host.Events.ThrowsAtOnce) = (true, true);
        await new TestGateway(host).BeatsAsync(host.Ann);

        (await StateAsync(host)).ShouldBe(PresenceState.Online);
    }

    private static Task<SetStatusResult> SetAsync(ChatHost host, ManualStatus status, DateTimeOffset? until = null) =>
        host.Presence(host.Ann).SetStatusAsync(new SetStatus { Caller = host.Ann.Caller, Status = status, Until = until }, Cancellation);

    private static async Task<PresenceState> StateAsync(ChatHost host) => (await host.Presence(host.Ann).ReadAsync(Cancellation)).State;

    /// <summary>Ann's states as they were published so far, no more and no less.</summary>
    private static async Task PublishedAsync(ChatHost host, params PresenceState[] states)
    {
        await host.Events.HearsSignalsAsync<PresenceChanged>(states.Length);
        host.Events.Signals.OfType<PresenceChanged>().ShouldAllBe(changed => changed.TenantId == host.Tenant && changed.Presence.UserId == host.Ann.Id);
        host.Events.Signals.OfType<PresenceChanged>().Select(changed => changed.Presence.State).ShouldBe(states);
    }
}
