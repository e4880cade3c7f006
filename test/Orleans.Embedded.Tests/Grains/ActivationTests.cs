using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Grains;

/// <summary>How an activation begins and ends, and what the calls around its ends get.</summary>
public sealed class ActivationTests
{
    [Fact]
    public async Task FirstCall_ActivatesBeforeTheMethodRuns()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ILifeGrain>("ann").HelloAsync();
        host.Journal.Entries.ShouldBe(["ann activates", "ann says hello"]);
        host.Measure("orleans_embedded.activations").ShouldBe(1);
    }

    [Fact]
    public async Task FirstCalls_ManyAtOnce_MakeOneActivationPerKeyAndCountIt()
    {
        await using var host = await TestHost.StartAsync();
        const int keys = 2_000;
        using var start = new Barrier(4);
        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Task.WhenAll(Enumerable.Range(0, keys).Select(key => host.Grain<IEchoGrain>($"{key}").ActivationAsync()));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        found.SelectMany(static activations => activations).Distinct().Count().ShouldBe(keys);
        host.Measure("orleans_embedded.activations").ShouldBe(keys);
    }

    [Fact]
    public async Task Call_WhileActivationAwaits_Waits()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<ILifeGrain>("slow").HelloAsync();
        await host.Journal.SeesAsync("slow activates");
        call.IsCompleted.ShouldBeFalse();
        host.Journal.Open("activate slow");
        await call;
    }

    [Fact]
    public async Task Activation_Fails_WaitingCallersGetTheExceptionAndTheNextCallTriesAnew()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("fails once");
        var calls = new[] { grain.HelloAsync(), grain.HelloAsync() };
        await host.Journal.SeesAsync("fails once activates");
        host.Journal.Open("activate fails once");
        foreach (var call in calls)
        {
            var exception = await Should.ThrowAsync<BadNewsException>(() => call);
            exception.StackTrace.ShouldNotBeNull().ShouldContain(nameof(LifeGrain.OnActivateAsync));
        }

        await grain.HelloAsync();
        host.Journal.Entries.ShouldBe(["fails once activates", "fails once activates", "fails once says hello"]);
        host.Measure("orleans_embedded.activations").ShouldBe(1);
    }

    [Fact]
    public async Task Activation_TakesTooLong_ItsTokenIsCancelled()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = TimeSpan.FromSeconds(6)));
        var call = host.Grain<ILifeGrain>("stuck").HelloAsync();
        await host.Journal.SeesAsync("stuck activates");
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Should.ThrowAsync<OperationCanceledException>(() => call.SoonAsync());
    }

    [Fact]
    public async Task DeactivateOnIdle_EndsAfterTheRunningRequestWithThatReason()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("ann");
        await grain.LeaveAsync();
        await host.Journal.SeesAsync("ann deactivates: ApplicationRequested");
        await grain.HelloAsync();
        host.Journal.Entries.ShouldBe(["ann activates", "ann leaves", "ann deactivates: ApplicationRequested", "ann activates", "ann says hello"]);
    }

    [Fact]
    public async Task Calls_WhileTheActivationEnds_RunOnTheNextInTheirOrder()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("slow");
        host.Journal.Open("activate slow");
        await grain.LeaveAsync();
        await host.Journal.SeesAsync("slow deactivates: ApplicationRequested");
        var calls = Enumerable.Range(0, 100).Select(number => grain.CountAsync(number)).ToList();
        calls.ShouldAllBe(static call => !call.IsCompleted);
        host.Journal.Open("deactivate slow");
        await Task.WhenAll(calls).SoonAsync();
        host.Journal.Entries.Where(static entry => entry.StartsWith("slow counts", StringComparison.Ordinal))
            .ShouldBe(Enumerable.Range(0, 100).Select(static number => $"slow counts {number}"));
    }

    [Fact]
    public async Task Calls_WhileActivationsComeAndGo_AreAllAnsweredOnceAndInOrder()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("busy");
        var calls = new List<Task>();
        for (var number = 0; number < 5_000; number++)
        {
            calls.Add(grain.CountAsync(number));
            if (number % 50 == 0)
                calls.Add(grain.LeaveIfPresentAsync());
            if (number % 500 == 0)
                await Task.Yield();
        }

        await Task.WhenAll(calls).SoonAsync();
        host.Journal.Entries.Where(static entry => entry.StartsWith("busy counts", StringComparison.Ordinal))
            .ShouldBe(Enumerable.Range(0, 5_000).Select(static number => $"busy counts {number}"));
        host.Journal.Entries.Count(static entry => entry == "busy activates").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Grain_ThatAlwaysLeavesWhileActivating_RefusesInsteadOfGoingRoundForEver()
    {
        await using var host = await TestHost.StartAsync();
        await Should.ThrowAsync<OrleansMessageRejectionException>(() => host.Grain<ILifeGrain>("shy").HelloAsync().SoonAsync());
    }

    [Fact]
    public async Task Deactivation_Throws_TheActivationEndsAllTheSame()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("fails to leave");
        await grain.LeaveAsync();
        await host.Journal.SeesAsync("fails to leave deactivates: ApplicationRequested");
        await grain.HelloAsync().SoonAsync();
    }

    [Fact]
    public async Task Deactivation_NeverEnds_IsGivenUpAfterItsTimeout()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromHours(1)));
        var grain = host.Grain<ILifeGrain>("slow");
        host.Journal.Open("activate slow");
        await grain.LeaveAsync();
        await host.Journal.SeesAsync("slow deactivates: ApplicationRequested");
        var call = grain.CountAsync(1);
        host.Clock.Advance(TimeSpan.FromSeconds(29));
        call.IsCompleted.ShouldBeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.Journal.SeesAsync("slow counts 1");
    }

    [Fact]
    public async Task Idle_LongerThanItsAge_IsCollectedWithThatReason()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ILifeGrain>("ann").HelloAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(14));
        host.Measure("orleans_embedded.activations").ShouldBe(1);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Journal.SeesAsync("ann deactivates: ActivationIdle");
    }

    [Fact]
    public async Task Idle_UsedMeanwhile_IsNotCollected()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ILifeGrain>("ann");
        await grain.HelloAsync();
        for (var i = 0; i < 4; i++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(10));
            await grain.HelloAsync();
        }

        host.Journal.Entries.Count(static entry => entry == "ann activates").ShouldBe(1);
    }

    [Fact]
    public async Task Idle_RequestStillRuns_IsNotCollected()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromHours(10)));
        var call = host.Grain<ILifeGrain>("ann").WaitAsync("long");
        await host.Journal.SeesAsync("ann waits");
        host.Clock.Advance(TimeSpan.FromHours(1));
        host.Journal.Open("long");
        await call;
        host.Journal.Entries.ShouldBe(["ann activates", "ann waits"]);
    }

    [Fact]
    public async Task Idle_WithAnAgeOfItsClass_IsCollectedAtThatAge()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<GrainCollectionOptions>(
            options => options.ClassSpecificCollectionAge[typeof(LifeGrain).FullName!] = TimeSpan.FromMinutes(2)));
        await host.Grain<ILifeGrain>("ann").HelloAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await host.Journal.SeesAsync("ann deactivates: ActivationIdle");
    }

    [Fact]
    public async Task DelayDeactivation_LongerThanTheAge_KeepsItForThatLong()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grain<ILifeGrain>("ann").StayAsync(TimeSpan.FromMinutes(60));
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        host.Measure("orleans_embedded.activations").ShouldBe(1);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Journal.SeesAsync("ann deactivates: ActivationIdle");
    }

    [Fact]
    public async Task Scope_OfTheActivation_EndsWithIt()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Services.AddScoped<ScopedThing>());
        var grain = host.Grain<IScopedGrain>();
        await grain.HelloAsync();
        await host.CollectsAsync();
        host.Journal.Entries.ShouldContain("scoped thing disposed");
        host.Journal.Entries.ShouldContain("grain disposed");
    }

    [Fact]
    public async Task ManyActivations_Collected_LeaveNothingBehind()
    {
        await using var host = await TestHost.StartAsync();
        await UseManyAsync(host, 1_000);
        await host.CollectsAsync();
        var baseline = GC.GetTotalMemory(forceFullCollection: true);

        await UseManyAsync(host, 100_000);
        host.Measure("orleans_embedded.activations").ShouldBe(100_000);
        var full = GC.GetTotalMemory(forceFullCollection: true);
        await host.CollectsAsync();
        host.Measure("orleans_embedded.activations").ShouldBe(0);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        // 100,000 activations take tens of megabytes; what may stay is the emptied directory's table.
        (full - baseline).ShouldBeGreaterThan(20_000_000);
        (after - baseline).ShouldBeLessThan(8_000_000);
    }

    private static async Task UseManyAsync(TestHost host, int count)
    {
        for (var i = 0; i < count; i += 1_000)
            await Task.WhenAll(Enumerable.Range(i, 1_000).Select(number => host.Grain<IEchoGrain>($"grain {number}").AddAsync(1, 1)));
    }
}

internal interface ILifeGrain : IGrainWithStringKey
{
    Task HelloAsync();

    Task CountAsync(int number);

    Task LeaveAsync();

    Task LeaveIfPresentAsync();

    Task WaitAsync(string gate);

    Task StayAsync(TimeSpan time);
}

internal sealed class LifeGrain(Journal journal) : Grain, ILifeGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write($"{Key} activates");
        switch (Key)
        {
            case "slow":
                await journal.Gate("activate slow");
                break;
            case "stuck":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case "shy":
                DeactivateOnIdle();
                break;
            case "fails once" when journal.Entries.Count(static entry => entry == "fails once activates") == 1:
                await journal.Gate("activate fails once");
                throw new BadNewsException("not today");
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write($"{Key} deactivates: {reason.ReasonCode}");
        if (Key == "slow")
            await journal.Gate("deactivate slow");
        if (Key == "fails to leave")
            throw new BadNewsException("cannot leave");
    }

    public Task HelloAsync()
    {
        journal.Write($"{Key} says hello");
        return Task.CompletedTask;
    }

    public Task CountAsync(int number)
    {
        journal.Write($"{Key} counts {number}");
        return Task.CompletedTask;
    }

    public Task LeaveAsync()
    {
        journal.Write($"{Key} leaves");
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task LeaveIfPresentAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task WaitAsync(string gate)
    {
        journal.Write($"{Key} waits");
        await journal.Gate(gate);
    }

    public Task StayAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

internal sealed class ScopedThing(Journal journal) : IDisposable
{
    public void Dispose() => journal.Write("scoped thing disposed");
}

internal interface IScopedGrain : IGrainWithStringKey
{
    Task HelloAsync();
}

internal sealed class ScopedGrain(Journal journal, IServiceProvider services) : Grain, IScopedGrain, IDisposable
{
    public Task HelloAsync()
    {
        services.GetService<ScopedThing>();
        return Task.CompletedTask;
    }

    public void Dispose() => journal.Write("grain disposed");
}
