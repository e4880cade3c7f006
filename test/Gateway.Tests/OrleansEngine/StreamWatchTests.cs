using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Streams;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Tests.Fixtures;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.OrleansEngine;

/// <summary>A gateway to which events do not come any more replaces its Orleans client, and nobody notices more than a resync.</summary>
public sealed class StreamWatchTests : IAsyncLifetime
{
    private const string Renewals = "chat.gateway.client.renewals";

    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan PartialSilenceMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RenewalPause = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly HeldCalls _held = new(nameof(IUnreadGrain.ListAsync));
    private ChatServer _chat = null!;
    private Counted _renewals = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await ChatServer.StartAsync(new ChatSetup
        {
            Time = _time,
            Settings =
            [
                $"--StreamWatch:SilenceMax={SilenceMax}", $"--StreamWatch:PartialSilenceMax={PartialSilenceMax}", $"--StreamWatch:RenewalPause={RenewalPause}",
                "--Limits:CallTimeout=00:01:00", "--Sockets:BlockedTimeout=00:01:00", "--Fanout:RepairInterval=00:00:04",
            ],
            ConfigureGrains = grains => grains.AddSingleton<IIncomingGrainCallFilter>(_held),
        });
        _renewals = new Counted(_chat, Renewals);
    }

    public ValueTask DisposeAsync()
    {
        _renewals.Dispose();
        return _chat.DisposeAsync();
    }

    [Fact]
    [Rule("O7")]
    public async Task Client_WithoutCanaries_IsReplacedAndEventsComeAgain()
    {
        var ann = await _chat.SignsInAsync("ann");
        var bob = await _chat.SignsInAsync("bob");
        var deaf = Client;

        await RenewedAsync(1);
        await ann.HearsAsync("resync");
        await bob.HearsAsync("resync");
        Client.ShouldNotBeSameAs(deaf);

        await ann.SendsAsync(ann.With("bob"), "by the stream"); // Time stands still: nothing is repaired.
        await bob.SeesAsync(ann.With("bob"), "by the stream");
    }

    [Fact]
    [Rule("O7")]
    public async Task Client_ThatStaysDeaf_IsReplacedAtMostOncePerPause()
    {
        List<DateTimeOffset> renewals = [_time.GetUtcNow()];
        using var noted = new Counted(_chat, Renewals, () => renewals.Add(_time.GetUtcNow()));
        await RenewedAsync(3);
        renewals.Zip(renewals.Skip(1), (before, after) => after - before).ShouldAllBe(pause => pause >= RenewalPause);
    }

    [Fact]
    [Rule("O7")]
    public async Task Client_ThatHearsCanaries_IsKeptUntilOneFallsSilent()
    {
        var heard = new int[CanaryStreams.Count];
        var provider = Client.GetStreamProvider(TenantStreams.Provider);
        for (var number = 0; number < CanaryStreams.Count; number++)
        {
            await provider.GetStream<Canary>(CanaryStreams.Of(number)).SubscribeAsync((canary, _) =>
            {
                Interlocked.Increment(ref heard[canary.Number]);
                return Task.CompletedTask;
            });
        }

        for (var began = _time.GetUtcNow(); _time.GetUtcNow() - began < RenewalPause * 1.5; _time.Advance(CanaryStreams.Interval))
        {
            await SingAsync(heard, CanaryStreams.Count);
        }

        _renewals.Value.ShouldBe(0);

        var silent = _time.GetUtcNow();
        while (_renewals.Value == 0)
        {
            (_time.GetUtcNow() - silent).ShouldBeLessThan(PartialSilenceMax * 2, "one silent stream was not noticed");
            await SingAsync(heard, CanaryStreams.Count - 1);
            _time.Advance(CanaryStreams.Interval);
        }

        (_time.GetUtcNow() - silent).ShouldBeGreaterThanOrEqualTo(PartialSilenceMax);
    }

    [Fact]
    [Rule("O7")]
    public async Task Renewal_DuringACall_LosesNoAnswer()
    {
        var ann = await _chat.SignsInAsync("ann");
        var began = _time.GetUtcNow();
        await _time.AdvanceUntilAsync(CanaryStreams.Interval, () => _time.GetUtcNow() - began > RenewalPause - (3 * CanaryStreams.Interval), "time stands still");
        _renewals.Value.ShouldBe(0);
        var underWay = ann.ListsAsync();
        await _held.Arrived.WaitAsync(ChatServer.Patience, TestContext.Current.CancellationToken);
        await RenewedAsync(1);
        await ann.HearsAsync("resync");
        underWay.IsCompleted.ShouldBeFalse();
        _held.Release();
        (await underWay).ShouldBeEmpty();
    }

    [Fact]
    [Rule("O7")]
    public async Task Renewals_UnderLoad_AreSeenNeitherByCallsNorByReadiness()
    {
        await using var chat = await ChatServer.StartAsync(new ChatSetup
        {
            Settings =
            [
                "--StreamWatch:SilenceMax=00:00:02", "--StreamWatch:PartialSilenceMax=00:00:02", "--StreamWatch:RenewalPause=00:00:02",
                "--Sockets:MessagesPerSecond=1000000", "--Sockets:MessagesBurst=1000000", // It calls as fast as it is answered.
            ],
        });
        using var renewals = new Counted(chat, Renewals);
        var ann = await chat.SignsInAsync("ann");
        using var ended = new CancellationTokenSource();
        var calls = CallsAsync();
        var probes = ProbesAsync();
        await RenewedTwiceAsync();
        await ended.CancelAsync();
        (await calls).ShouldBeGreaterThan(0);
        (await probes).ShouldBeGreaterThan(0);

        async Task RenewedTwiceAsync()
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            var patience = ChatServer.PatienceToken();
            while (renewals.Value < 2)
            {
                await pace.WaitForNextTickAsync(patience);
            }
        }

        async Task<int> CallsAsync()
        {
            var posted = 0;
            for (; !ended.IsCancellationRequested; posted++)
            {
                await ann.SendsAsync(ann.With("ann"), $"{posted}");
            }

            return posted;
        }

        async Task<int> ProbesAsync()
        {
            var probed = 0;
            for (; !ended.IsCancellationRequested; probed++)
            {
                using var ready = await chat.SendsAsync(HttpMethod.Get, "/health/ready");
                ready.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
            }

            return probed;
        }
    }

    private IClusterClient Client => _chat.Services.GetRequiredService<IGrainLink>().Client;

    private Task RenewedAsync(int times) =>
        _time.AdvanceUntilAsync(CanaryStreams.Interval, () => _renewals.Value >= times, $"the client was not replaced {times} times");

    /// <summary>Every canary but the last sings once, and is heard.</summary>
    private async Task SingAsync(int[] heard, int canaries)
    {
        var before = heard.ToArray();
        var provider = _chat.Grains.GetRequiredKeyedService<IStreamProvider>(TenantStreams.Provider);
        for (var number = 0; number < canaries; number++)
        {
            await provider.GetStream<Canary>(CanaryStreams.Of(number)).OnNextAsync(new Canary { Number = number });
        }

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = ChatServer.PatienceToken();
        while (Enumerable.Range(0, canaries).Any(number => Volatile.Read(ref heard[number]) == before[number]))
        {
            await pace.WaitForNextTickAsync(patience);
        }
    }
}
