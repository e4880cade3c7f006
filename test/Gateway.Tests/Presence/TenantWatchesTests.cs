using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Presence;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Presence;

/// <summary>Who looks at whom on one gateway, with people whose presence the test decides.</summary>
public sealed class TenantWatchesTests
{
    private static readonly UserId[] Crowd = [.. Enumerable.Range(0, 10).Select(number => UserId.Of($"u{number}"))];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly Reader _reader;
    private readonly TenantWatches _watches;
    private readonly FakeSocket _ann = new();
    private readonly FakeSocket _bob = new();
    private readonly Session _annsSession;
    private readonly Session _bobsSession;

    public TenantWatchesTests()
    {
        _reader = new Reader(_time);
        _watches = new TenantWatches(TenantId.Of(Helpdesk.Tenant), new Link(_reader), _time, FakeSocket.Instruments, NullLogger.Instance);
        (_annsSession, _bobsSession) = (_ann.CreateSession("ann", new SocketOptions { QueueFramesMax = 4 }, _time), _bob.CreateSession("bob", new SocketOptions(), _time));
    }

    [Fact]
    [Rule("P5")]
    [Rule("P6")]
    public async Task OnChanged_SeveralPeopleWithinASecond_AreOnePacketForWhoWatchesThem()
    {
        await WatchAsync(_annsSession, Crowd[..3]);
        await WatchAsync(_bobsSession, Crowd[2..4]);
        Changes(Crowd[0], PresenceState.Online);
        Changes(Crowd[1], PresenceState.Online);
        Changes(Crowd[1], PresenceState.Away);
        Changes(Crowd[4], PresenceState.Online);
        Changes(Crowd[3], PresenceState.Online);
        Changes(Crowd[3], PresenceState.Online);

        _watches.Flush();
        await _ann.HeardAsync(1);
        await _bob.HeardAsync(1);
        _watches.Flush();

        Packets(_ann).ShouldHaveSingleItem().ShouldBe([("u0", "online"), ("u1", "away")]);
        Packets(_bob).ShouldHaveSingleItem().ShouldBe([("u3", "online")]);
    }

    [Fact]
    [Rule("P6")]
    public async Task WatchAsync_AnotherSet_ReplacesTheOneBeforeAndRemoveLeavesNothing()
    {
        await WatchAsync(_annsSession, Crowd);
        Changes(Crowd[0], PresenceState.Online);
        await WatchAsync(_annsSession, Crowd[8..]);
        _watches.Count.ShouldBe((2, 1));
        Changes(Crowd[1], PresenceState.Online);
        _watches.Flush();
        _ann.Heard.ShouldBeEmpty("nobody of these is watched any more");

        await WatchAsync(_bobsSession, Crowd[7..9]);
        _watches.Count.ShouldBe((3, 2));
        _watches.Remove(_annsSession);
        _watches.Count.ShouldBe((2, 1));
        await WatchAsync(_bobsSession, []);
        _watches.Count.ShouldBe((0, 0));
    }

    [Fact]
    [Rule("P6")]
    public async Task WatchAsync_OfASessionThatHasEnded_LeavesNothingBehind()
    {
        var asking = WatchAsync(_annsSession, Crowd, hold: true);
        _annsSession.Ended();
        _watches.Remove(_annsSession);
        _reader.Releases();
        await asking;
        await WatchAsync(_annsSession, Crowd);

        _watches.Count.ShouldBe((0, 0));
    }

    [Fact]
    [Rule("P7")]
    public async Task WatchAsync_SomebodyWhomAnotherWatches_IsAnsweredWithoutAskingForAMinute()
    {
        _reader.States[Crowd[0]] = PresenceState.Online;
        await WatchAsync(_annsSession, Crowd[..2]);
        (await WatchAsync(_bobsSession, Crowd[..1])).ShouldHaveSingleItem().State.ShouldBe(PresenceState.Online);
        _reader.Asked.ShouldBe([2]);

        _time.Advance(TimeSpan.FromSeconds(60));
        await WatchAsync(_bobsSession, Crowd[..1]);
        _reader.Asked.ShouldBe([2, 1]);
    }

    [Fact]
    [Rule("P7")]
    public async Task RereadAsync_NothingChanged_RenewsTheTimeAndTellsNobody()
    {
        _reader.States[Crowd[0]] = PresenceState.Online;
        await WatchAsync(_annsSession, Crowd[..1]);
        _time.Advance(TimeSpan.FromSeconds(60));
        await _watches.RereadAsync(CancellationToken.None);
        _watches.Flush();

        _ann.Heard.ShouldBeEmpty();
        (await WatchAsync(_bobsSession, Crowd[..1])).ShouldHaveSingleItem().AsOf.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    [Rule("P7")]
    public async Task RereadAsync_ATenantDoesNotAnswer_TheOthersAreReadAllTheSame()
    {
        Reader[] readers = [new(_time), new(_time), new(_time), _reader];
        TenantWatches[] tenants =
        [
            .. readers[..3].Select(reader => new TenantWatches(
                TenantId.Of(Helpdesk.Tenant), new Link(reader), _time, FakeSocket.Instruments, NullLogger.Instance)),
            _watches,
        ];
        foreach (var tenant in tenants)
        {
            await tenant.WatchAsync(_annsSession, Crowd[..1], CancellationToken.None);
        }

        Array.ForEach(readers[..3], reader => reader.Holds());
        var reading = PresenceLoop.RereadAsync(tenants, CancellationToken.None);
        await _reader.AskedAsync(times: 2);

        reading.IsCompleted.ShouldBeFalse();
        Array.ForEach(readers[..3], reader => reader.Releases());
        await reading;
    }

    [Fact]
    [Rule("P5")]
    public async Task RereadAsync_AnEventWasLost_BringsTheChange()
    {
        await WatchAsync(_annsSession, Crowd[..2]);
        _reader.States[Crowd[1]] = PresenceState.Dnd;
        await _watches.RereadAsync(CancellationToken.None);
        _watches.Flush();

        await _ann.HeardAsync(1);
        Packets(_ann).ShouldHaveSingleItem().ShouldBe([("u1", "dnd")]);
    }

    [Fact]
    [Rule("P3")]
    public async Task RereadAsync_NobodyKnows_IsNoNewsAboutSomebodyWhoWasKnown()
    {
        _reader.States[Crowd[0]] = PresenceState.Online;
        await WatchAsync(_annsSession, Crowd[..1]);
        _reader.States[Crowd[0]] = PresenceState.Unknown;
        _time.Advance(TimeSpan.FromSeconds(60));
        await _watches.RereadAsync(CancellationToken.None);
        _watches.Flush();

        _ann.Heard.ShouldBeEmpty();
        (await WatchAsync(_bobsSession, Crowd[..1])).ShouldHaveSingleItem().State.ShouldBe(PresenceState.Online);
    }

    [Fact]
    [Rule("P7")]
    public async Task Flush_NotRenewedForTwoLeases_TellsUnknownAndLaterWhatIsSo()
    {
        _reader.States[Crowd[0]] = PresenceState.Online;
        await WatchAsync(_annsSession, Crowd[..1]);
        _reader.Fails = true;
        for (var minute = 0; minute < 2; minute++)
        {
            _time.Advance(TimeSpan.FromSeconds(60));
            await _watches.RereadAsync(CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        _watches.Flush();
        _ann.Heard.ShouldBeEmpty("150 s are two leases");
        _time.Advance(TimeSpan.FromSeconds(1));
        _watches.Flush();
        _watches.Flush();
        await _ann.HeardAsync(1);

        _reader.Fails = false;
        await _watches.RereadAsync(CancellationToken.None);
        _watches.Flush();
        await _ann.HeardAsync(2);
        Packets(_ann).ShouldBe([[("u0", "unknown")], [("u0", "online")]]);
    }

    [Fact]
    [Rule("P5")]
    public async Task OnChanged_AnAnswerThatAnEventOvertook_ChangesNothing()
    {
        await WatchAsync(_annsSession, Crowd[..1]);
        _reader.Holds();
        var reading = _watches.RereadAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Changes(Crowd[0], PresenceState.Online);
        _reader.Releases();
        await reading;
        _watches.Flush();

        await _ann.HeardAsync(1);
        Packets(_ann).ShouldHaveSingleItem().ShouldBe([("u0", "online")]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Flush_SessionHalfBehind_GetsWhatIsSoWhenItTakesEventsAgain()
    {
        await WatchAsync(_annsSession, Crowd);
        _ann.Block();
        Changes(Crowd[9], PresenceState.Online);
        _watches.Flush();
        await _ann.WriteBegunAsync();
        for (var second = 0; second < 4; second++)
        {
            Changes(Crowd[second], PresenceState.Online);
            _watches.Flush();
        }

        Changes(Crowd[2], PresenceState.Away);
        _watches.Flush();
        _ann.Unblock();
        await _ann.HeardAsync(3);
        _watches.Flush();
        await _ann.HeardAsync(4);

        Packets(_ann).ShouldBe([[("u9", "online")], [("u0", "online")], [("u1", "online")], [("u2", "away"), ("u3", "online")]]);
    }

    private async Task<IReadOnlyList<PersonPresence>> WatchAsync(Session session, UserId[] users, bool hold = false)
    {
        if (hold)
        {
            _reader.Holds();
        }

        return await _watches.WatchAsync(session, users, CancellationToken.None);
    }

    private void Changes(UserId user, PresenceState state) =>
        _watches.OnChanged(new PersonPresence { UserId = user, State = state, AsOf = _time.GetUtcNow() });

    private static List<List<(string, string)>> Packets(FakeSocket socket) =>
    [
        .. socket.Frames.Select(frame => frame.GetProperty("arguments")[0].GetProperty("changes").EnumerateArray()
            .Select(change => (Text(change, "userId"), Text(change, "state"))).Order().ToList()),
    ];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>What the people's grains would answer.</summary>
    private sealed class Reader(TimeProvider time) : IPresenceReaderGrain
    {
        private TaskCompletionSource? _held;

        internal Dictionary<UserId, PresenceState> States { get; } = [];

        internal List<int> Asked { get; } = [];

        internal bool Fails { get; set; }

        internal async Task AskedAsync(int times)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            using var patience = new CancellationTokenSource(ChatServer.Patience);
            while (Asked.Count < times)
            {
                await pace.WaitForNextTickAsync(patience.Token);
            }
        }

        internal void Holds() => _held = new TaskCompletionSource();

        internal void Releases() => _held?.SetResult();

        public async Task<ImmutableArray<PersonPresence>> ReadAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken)
        {
            Asked.Add(users.Length);
            ImmutableArray<PersonPresence> answers =
            [
                .. users.Select(user => new PersonPresence { UserId = user, State = States.GetValueOrDefault(user, PresenceState.Offline), AsOf = time.GetUtcNow() }),
            ];
            if (_held is { } held)
            {
                await held.Task;
            }

            return Fails ? throw new TimeoutException() : answers;
        }

        public Task<ImmutableArray<UserId>> OnlineAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Link(Reader reader) : IGrainLink
    {
        public IClusterClient Client { get; } = OneGrainClient.Create(Helpdesk.Tenant, reader);
    }
}
