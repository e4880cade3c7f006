using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Gateway.Wire;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Sessions;

/// <summary>One session's queue and pump, with a socket that the test opens and blocks.</summary>
public sealed class SessionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SocketOptions _options = new() { QueueFramesMax = 8, QueueBytesMax = 64 * 1024 };
    private readonly FakeSocket _socket = new();

    [Fact]
    [Rule("M16")]
    [Rule("N3")]
    public void Frame_OfAPostToAsManyAsHereReaches_FitsAnEmptyQueue()
    {
        UserId[] here = [.. Enumerable.Range(0, new ConversationOptions().HereMax).Select(number => UserId.Of($"{number:000}".PadRight(UserId.CharsMax, '漢')))];
        var (name, payload) = new ConversationChange
        {
            Rev = long.MaxValue,
            Posted = new Message
            {
                Seq = long.MaxValue,
                Rev = long.MaxValue,
                Kind = MessageKind.Text,
                AuthorId = here[0],
                AuthorName = new string('漢', 80),
                ClientId = Guid.NewGuid(),
                Text = new string('\u0001', 10_000), // Six bytes each.
                Time = DateTimeOffset.UnixEpoch,
                Mentions = new MentionSet { Here = [.. here] },
            },
        }.ToEvent(ConversationId.Of(Guid.NewGuid()));

        Frame.Of(name, payload).Bytes.Length.ShouldBeLessThanOrEqualTo(new SocketOptions().QueueBytesMax, "else everybody would be told to sync instead");
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_SocketTakesEverything_EachFrameOnceInOrder()
    {
        var session = CreateSession();
        for (var i = 1; i <= 5; i++)
        {
            session.Send(Numbered(i));
        }

        (await _socket.HeardAsync(5)).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_WhileAWriteIsUnderWay_TheRestLeavesTogetherInOneWrite()
    {
        var session = await CreateBlockedSessionAsync();
        for (var i = 1; i <= 6; i++)
        {
            session.Send(Numbered(i));
        }

        _socket.Unblock();
        (await _socket.HeardAsync(7)).ShouldBe(["blocking", "1", "2", "3", "4", "5", "6"]);
        _socket.Writes.ShouldBe(2);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_QueueHalfFull_DropsOnlyWhatMayBeDropped()
    {
        var session = await CreateBlockedSessionAsync();
        session.Send(Numbered(1, droppable: true));
        session.Send(Numbered(2));
        session.Send(Numbered(3));
        session.Send(Numbered(4));
        session.Send(Numbered(5, droppable: true));
        session.Send(Numbered(6));

        _socket.Unblock();
        (await _socket.HeardAsync(6)).ShouldBe(["blocking", "1", "2", "3", "4", "6"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_QueueHalfFullOfBytes_DropsOnlyWhatMayBeDropped()
    {
        var session = await CreateBlockedSessionAsync();
        session.Send(Big(33));
        session.Send(Numbered(1, droppable: true));
        session.Send(Numbered(2));
        _socket.Unblock();
        (await _socket.HeardAsync(3)).ShouldBe(["blocking", "big", "2"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_QueueFull_BecomesOneResyncAndGoesOn()
    {
        var session = await CreateBlockedSessionAsync();
        for (var i = 1; i <= 9; i++)
        {
            session.Send(Numbered(i));
        }

        session.Send(Numbered(10));
        _socket.Unblock();
        (await _socket.HeardAsync(3)).ShouldBe(["blocking", "resync", "10"]);

        session.Send(Numbered(11));
        (await _socket.HeardAsync(4))[^1].ShouldBe("11");
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_QueueFullOfBytes_BecomesOneResync()
    {
        var session = await CreateBlockedSessionAsync();
        session.Send(Big(40));
        session.Send(Big(40));
        _socket.Unblock();
        (await _socket.HeardAsync(2)).ShouldBe(["blocking", "resync"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_ManyTimesTheQueue_IsStillOneResync()
    {
        var session = await CreateBlockedSessionAsync();
        for (var i = 1; i <= 1_000; i++)
        {
            session.Send(Big(60));
        }

        _socket.Unblock();
        (await _socket.HeardAsync(2)).ShouldBe(["blocking", "resync"]);
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_SocketBlockedForFiveSeconds_IsClosedAndForgotten()
    {
        var session = await CreateBlockedSessionAsync();
        session.Send(Numbered(1));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        _socket.Aborted.IsCompleted.ShouldBeFalse();
        // The pump begins to wait a moment after the socket took the write: time goes on until it has had enough, and the
        // client does not take the courtesy of a farewell either.
        while (!_socket.Aborted.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.2));
            await Task.Yield();
        }

        _socket.ClosingCodes.ShouldBe([3001]);
        session.Send(Numbered(2));
        _socket.Unblock();
        _socket.Heard.ShouldNotContain("2");
    }

    [Fact]
    [Rule("G7")]
    public async Task Close_WithAPause_SaysSoOnceAndThenNothing()
    {
        var session = CreateSession();
        await session.CloseAsync(ClosingCode.ShuttingDown, TimeSpan.FromSeconds(2));
        await session.CloseAsync(ClosingCode.SessionExpired);
        session.Send(Numbered(1));

        var closing = _socket.Frames.ShouldHaveSingleItem().GetProperty("arguments")[0];
        closing.ToString().ShouldBe("""{"code":3000,"reconnect":true,"retryAfterMs":2000}""");
        _socket.Aborted.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_AfterTheSocketBroke_DoesNotThrow()
    {
        var session = CreateSession();
        _socket.Break();
        session.Send(Numbered(1));
        await _socket.Aborted.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        session.Send(Numbered(2));
        session.Ended();
        session.Send(Numbered(3));
    }

    [Fact]
    [Rule("M16")]
    public async Task Send_FromManyThreads_LosesAndRepeatsNothing()
    {
        _options.QueueFramesMax = 100_000;
        _options.QueueBytesMax = 64 * 1024 * 1024;
        var session = CreateSession();
        await Parallel.ForAsync(0, 5_000, (i, _) =>
        {
            session.Send(Numbered(i));
            return ValueTask.CompletedTask;
        });
        (await _socket.HeardAsync(5_000)).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 5_000).Select(i => $"{i}").Order(StringComparer.Ordinal));
    }

    private static Frame Numbered(int number, bool droppable = false) => Frame.Of($"{number}", new ResyncEvent(), droppable);

    private static Frame Big(int kilobytes) => Frame.Of("big", new ChangedEvent { ConversationId = new string('x', kilobytes * 1024), Rev = 1 });

    private async Task<Session> CreateBlockedSessionAsync()
    {
        var session = CreateSession();
        _socket.Block();
        session.Send(Frame.Of("blocking", new ResyncEvent()));
        await _socket.WriteBegunAsync();
        return session;
    }

    private Session CreateSession() => _socket.CreateSession("ann", _options, _time);
}
