using Orleans;
using Orleans.Runtime;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Grains;

/// <summary>Grain timers tick in turns, from the end of one tick to the next, while the activation lives.</summary>
public sealed class TimerTests
{
    [Fact]
    public async Task Timer_TicksAtItsDueTimeAndThenEachPeriod()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ITimerGrain>().StartAsync(interleave: false, keepAlive: false);
        host.Journal.Open("tick");
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        host.Journal.Entries.ShouldNotContain("tick begins");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.TicksAsync(1);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.TicksAsync(2);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.TicksAsync(3);
    }

    [Fact]
    public async Task Timer_WhileARequestAwaits_Waits()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimerGrain>();
        await grain.StartAsync(interleave: false, keepAlive: false);
        var request = grain.WaitAsync("request");
        await host.Journal.SeesAsync("request begins");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        host.Journal.Entries.ShouldNotContain("tick begins");
        host.Journal.Open("request");
        await request;
        await host.Journal.SeesAsync("tick begins");
    }

    [Fact]
    public async Task Timer_Interleaving_TicksWhileARequestAwaits()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimerGrain>();
        await grain.StartAsync(interleave: true, keepAlive: false);
        var request = grain.WaitAsync("request");
        await host.Journal.SeesAsync("request begins");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.Journal.SeesAsync("tick begins");
        host.Journal.Open("request");
        await request;
    }

    [Fact]
    public async Task Timer_CallbackThrows_TicksAgain()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ITimerGrain>("throws").StartAsync(interleave: false, keepAlive: false);
        host.Journal.Open("tick");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.TicksAsync(1);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.TicksAsync(2);
    }

    [Fact]
    public async Task Timer_Disposed_TicksNoMoreAndItsTokenIsCancelled()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimerGrain>();
        await grain.StartAsync(interleave: true, keepAlive: false);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.Journal.SeesAsync("tick begins");
        await grain.StopAsync();
        await host.Journal.SeesAsync("tick cancelled");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        host.Journal.Entries.Count(static entry => entry == "tick begins").ShouldBe(1);
    }

    [Fact]
    public async Task Timer_ActivationEnds_TicksNoMore()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimerGrain>();
        await grain.StartAsync(interleave: false, keepAlive: false);
        await grain.LeaveAsync();
        await host.CollectsAsync();
        host.Journal.Entries.ShouldNotContain("tick begins");
    }

    [Fact]
    public async Task Timer_WithoutKeepAlive_DoesNotPutOffCollection()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ITimerGrain>().StartAsync(interleave: false, keepAlive: false);
        host.Journal.Open("tick");
        await host.TicksForAsync(TimeSpan.FromMinutes(40));
        await host.Journal.SeesAsync("leaves: ActivationIdle");
    }

    [Fact]
    public async Task Timer_WithKeepAlive_PutsOffCollection()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ITimerGrain>().StartAsync(interleave: false, keepAlive: true);
        host.Journal.Open("tick");
        await host.TicksForAsync(TimeSpan.FromMinutes(40));
        host.Journal.Entries.ShouldNotContain("leaves: ActivationIdle");
    }

    [Fact]
    public async Task Timer_Changed_TicksAtTheNewTime()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimerGrain>();
        await grain.StartAsync(interleave: false, keepAlive: false);
        await grain.ChangeAsync(TimeSpan.FromSeconds(2));
        host.Journal.Open("tick");
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await host.TicksAsync(1);
        host.Clock.Advance(TimeSpan.FromDays(1));
        host.Journal.Entries.Count(static entry => entry == "tick begins").ShouldBe(1);
    }
}

file static class Ticking
{
    public static async Task TicksAsync(this TestHost host, int times)
    {
        await host.Journal.SeesAsync("tick ends", times);

        // The next tick is armed in the turn that ends this one; a request queued behind it proves that it did.
        await host.Grain<ITimerGrain>().NothingAsync();
        await host.Grain<ITimerGrain>("throws").NothingAsync();
    }

    /// <summary>Lets the time pass in steps of the timer's period, each with the time a tick needs, until it is over or the grain left.</summary>
    public static async Task TicksForAsync(this TestHost host, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time && !host.Journal.Entries.Contains("leaves: ActivationIdle"); passed += TimeSpan.FromSeconds(5))
        {
            var ticks = Ticks(host);
            host.Clock.Advance(TimeSpan.FromSeconds(5));
            for (var turn = 0; turn < 200 && Ticks(host) == ticks; turn++)
                await Task.Yield();
        }

        Ticks(host).ShouldBeGreaterThan(20);
    }

    private static int Ticks(TestHost host) => host.Journal.Entries.Count(static entry => entry == "tick ends");
}

internal interface ITimerGrain : IGrainWithStringKey
{
    Task StartAsync(bool interleave, bool keepAlive);

    Task StopAsync();

    Task ChangeAsync(TimeSpan dueTime);

    Task LeaveAsync();

    Task WaitAsync(string gate);

    Task NothingAsync();
}

internal sealed class TimerGrain(Journal journal) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;

    public Task StartAsync(bool interleave, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(
            TickAsync,
            new() { DueTime = TimeSpan.FromSeconds(10), Period = TimeSpan.FromSeconds(5), Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write($"leaves: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public Task ChangeAsync(TimeSpan dueTime)
    {
        _timer?.Change(dueTime, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task WaitAsync(string gate)
    {
        journal.Write($"{gate} begins");
        await journal.Gate(gate);
    }

    public Task NothingAsync() => Task.CompletedTask;

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        journal.Write("tick begins");
        try
        {
            await journal.Gate("tick").WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            journal.Write("tick cancelled");
        }

        journal.Write("tick ends");
        if (this.GetPrimaryKeyString() == "throws")
            throw new BadNewsException("tick");
    }
}
