using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Grains;

/// <summary>What a caller gets: a result, an exception, a timeout, a cancellation or a refusal.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task Call_EachReturnType_BringsTheResult()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IEchoGrain>();
        await grain.DoAsync("task");
        await grain.DoQuicklyAsync("value task");
        (await grain.AddAsync(2, 3)).ShouldBe(5);
        (await grain.JoinQuicklyAsync("a", 1, 2.5)).ShouldBe("a-1-2.5");
        host.Journal.Entries.ShouldBe(["do task", "do value task"]);
    }

    [Fact]
    public async Task Call_ThroughABaseInterface_ReachesTheSameGrain()
    {
        await using var host = await TestHost.StartAsync();
        INamedGrain named = host.Grain<IEchoGrain>("bert");
        (await named.NameAsync()).ShouldBe("echo/bert");
    }

    [Fact]
    public async Task Call_OfTheSameKey_ReachesTheSameActivation()
    {
        await using var host = await TestHost.StartAsync();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => host.Grain<IEchoGrain>().ActivationAsync())));
        numbers.Distinct().Count().ShouldBe(1);
        (await host.Grain<IEchoGrain>("other").ActivationAsync()).ShouldNotBe(numbers[0]);
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("after an await")]
    public async Task Call_MethodThrows_CallerGetsTheExceptionWithItsStack(string when)
    {
        await using var host = await TestHost.StartAsync();
        var exception = await Should.ThrowAsync<BadNewsException>(() => host.Grain<IEchoGrain>().FailAsync(when));
        exception.Message.ShouldBe(when);
        exception.StackTrace.ShouldNotBeNull().ShouldContain(nameof(EchoGrain.ThrowBadNews));
    }

    [Fact]
    public async Task Call_MethodCancelsItself_CallerSeesACancellationWithItsStack()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<IEchoGrain>().FailAsync("cancelled");
        var exception = (await Record.ExceptionAsync(() => call)).ShouldBeOfType<OperationCanceledException>();
        call.IsCanceled.ShouldBeTrue();
        exception.StackTrace.ShouldNotBeNull().ShouldContain("CancelItselfFromFailAsync");
    }

    [Fact]
    public async Task Call_AfterOneThatThrew_RunsOnTheSameActivation()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IEchoGrain>();
        var activation = await grain.ActivationAsync();
        await Should.ThrowAsync<BadNewsException>(() => grain.FailAsync("at once"));
        (await grain.ActivationAsync()).ShouldBe(activation);
    }

    [Fact]
    public async Task Call_NullInsteadOfATask_IsAClearException()
    {
        await using var host = await TestHost.StartAsync();
        var exception = await Should.ThrowAsync<InvalidOperationException>(() => host.Grain<IEchoGrain>().FailAsync("null"));
        exception.Message.ShouldBe("IEchoGrain.FailAsync returned null instead of a task.");
    }

    [Fact]
    public async Task OneWay_MethodWaits_CallIsDoneAtOnce()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<IEchoGrain>().TellAsync("news");
        call.IsCompletedSuccessfully.ShouldBeTrue();
        host.Journal.Open("news");
        await host.Journal.SeesAsync("told news");
    }

    [Fact]
    public async Task OneWay_MethodThrows_NobodyIsHarmed()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IEchoGrain>();
        host.Journal.Open("fail");
        await grain.TellAsync("fail");
        (await grain.AddAsync(1, 1)).ShouldBe(2);
    }

    [Fact]
    public async Task Timeout_OfTheHost_ThrowsAtTheDeadlineAndNotBefore()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(8)));
        using var timedOut = host.Count("orleans_embedded.calls.timed_out");
        var call = host.Grain<ITimeGrain>().WaitAsync("held");
        await host.Journal.SeesAsync("held begins");
        host.Clock.Advance(TimeSpan.FromSeconds(7.9));
        call.IsCompleted.ShouldBeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(0.2));
        var exception = await Should.ThrowAsync<TimeoutException>(() => call.SoonAsync());
        exception.Message.ShouldContain("00:00:08 for ITimeGrain.WaitAsync on time/one");
        timedOut.Value.ShouldBe(1);
    }

    [Fact]
    public async Task Timeout_OfTheMethod_ReplacesTheHosts()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<ITimeGrain>().WaitShortlyAsync("held");
        await host.Journal.SeesAsync("held begins");
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<TimeoutException>(() => call.SoonAsync());
    }

    [Fact]
    public async Task Timeout_WhileWaitingInTheQueue_CallNeverRuns()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITimeGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        var second = grain.WaitShortlyAsync("second");
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<TimeoutException>(() => second.SoonAsync());
        host.Journal.Open("first");
        await first;
        await grain.QuickAsync();
        host.Journal.Entries.ShouldNotContain("second begins");
    }

    [Fact]
    public async Task Timeout_MethodTakesAToken_TokenIsCancelled()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<ITimeGrain>().WaitCancellablyAsync(CancellationToken.None);
        await host.Journal.SeesAsync("cancellable begins");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<TimeoutException>(() => call.SoonAsync());
        await host.Journal.SeesAsync("cancelled in a turn");
    }

    [Fact]
    public async Task Timeout_HostDoesNotCancelOnTimeout_TokenStays()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.CancelRequestOnTimeout = false));
        using var caller = new CancellationTokenSource();
        var grain = host.Grain<ITimeGrain>();
        var call = grain.WaitCancellablyAsync(caller.Token);
        await host.Journal.SeesAsync("cancellable begins");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<TimeoutException>(() => call.SoonAsync());
        await grain.PeekAsync();
        host.Journal.Entries.ShouldNotContain("cancelled in a turn");
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_CallerIsFreeAndTheMethodsTokenIsCancelledInATurn()
    {
        await using var host = await TestHost.StartAsync();
        using var caller = new CancellationTokenSource();
        var call = host.Grain<ITimeGrain>().WaitCancellablyAsync(caller.Token);
        await host.Journal.SeesAsync("cancellable begins");
        await caller.CancelAsync();
        var exception = await Should.ThrowAsync<OperationCanceledException>(() => call.SoonAsync());
        exception.CancellationToken.ShouldBe(caller.Token);
        await host.Journal.SeesAsync("cancelled in a turn");
    }

    [Fact]
    public async Task Cancellation_BeforeTheCall_CallIsNotMade()
    {
        await using var host = await TestHost.StartAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => host.Grain<ITimeGrain>().WaitCancellablyAsync(new CancellationToken(canceled: true)));
        await host.Grain<ITimeGrain>().QuickAsync();
        host.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancellation_WhileWaitingInTheQueue_CallNeverRuns()
    {
        await using var host = await TestHost.StartAsync();
        using var caller = new CancellationTokenSource();
        var grain = host.Grain<ITimeGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        var second = grain.WaitCancellablyAsync(caller.Token);
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second.SoonAsync());
        host.Journal.Open("first");
        await first;
        await grain.QuickAsync();
        host.Journal.Entries.ShouldNotContain("cancellable begins");
    }

    [Fact]
    public async Task CyclicCall_NonReentrant_TimesOutNamingTheChain()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<IRingGrain>("a").CallAsync(["b", "a"]);
        await host.Journal.SeesAsync("b calls a");
        await host.Grain<IRingGrain>("b").PeekAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var exception = await Should.ThrowAsync<TimeoutException>(() => call.SoonAsync());
        exception.Message.ShouldContain("client -> ring/a IRingGrain.CallAsync (this one) -> ring/b IRingGrain.CallAsync -> ring/a IRingGrain.CallAsync.");
        exception.Message.ShouldContain("The last waits in the queue of ring/a behind IRingGrain.CallAsync.");
        exception.Message.ShouldContain("a cyclic call");
    }

    [Fact]
    public async Task Calls_MoreThanTheHardLimit_AreRefused()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = 10));
        var grain = host.Grain<ITimeGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        var waiting = Enumerable.Range(0, 10).Select(_ => grain.QuickAsync()).ToList();
        var exception = await Should.ThrowAsync<LimitExceededException>(() => grain.QuickAsync());
        exception.Message.ShouldContain("MaxEnqueuedRequestsHardLimit Current=11 Threshold=10");
        host.Journal.Open("first");
        await Task.WhenAll([first, .. waiting]);
        await grain.QuickAsync();
    }

    [Fact]
    public async Task Timeout_WhileWaitingInTheQueue_FreesItsPlace()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = 1));
        var grain = host.Grain<ITimeGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        var second = grain.WaitShortlyAsync("second");
        await Should.ThrowAsync<LimitExceededException>(() => grain.QuickAsync());
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<TimeoutException>(() => second.SoonAsync());
        var third = grain.QuickAsync();
        host.Journal.Open("first");
        await first;
        await third.SoonAsync();
    }

    [Fact]
    public async Task StatelessWorker_ManyCalls_RunInParallelUpToTheMaximum()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IWorkerGrain>();
        var calls = Enumerable.Range(0, 7).Select(_ => grain.WorkAsync()).ToList();
        await host.Journal.SeesAsync("work begins", times: 3);
        host.Measure("orleans_embedded.activations").ShouldBe(3);
        host.Journal.Entries.Count(static entry => entry == "work begins").ShouldBe(3);
        host.Journal.Open("work");
        (await Task.WhenAll(calls)).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task StatelessWorker_OneCallAtATime_UsesOneActivation()
    {
        await using var host = await TestHost.StartAsync();
        host.Journal.Open("work");
        var grain = host.Grain<IWorkerGrain>();
        var first = await grain.WorkAsync();
        for (var i = 0; i < 20; i++)
            (await grain.WorkAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task StatelessWorker_IdleOnes_AreCollectedAndReplaced()
    {
        await using var host = await TestHost.StartAsync();
        host.Journal.Open("work");
        var grain = host.Grain<IWorkerGrain>();
        var first = await grain.WorkAsync();
        await host.CollectsAsync();
        (await grain.WorkAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task References_OfTheSameGrain_AreEqual()
    {
        await using var host = await TestHost.StartAsync();
        host.Grain<IEchoGrain>("a").ShouldBe(host.Grain<IEchoGrain>("a"));
        host.Grain<IEchoGrain>("a").ShouldNotBe(host.Grain<IEchoGrain>("b"));
        host.Grain<IEchoGrain>("a").GetPrimaryKeyString().ShouldBe("a");
        host.Grain<IEchoGrain>("a").GetGrainId().ShouldBe(GrainId.Create("echo", "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task GetGrain_BlankKey_IsRefused(string? key)
    {
        await using var host = await TestHost.StartAsync();
        Should.Throw<ArgumentException>(() => host.Client.GetGrain<IEchoGrain>(key!));
    }
}

internal sealed class BadNewsException(string message) : Exception(message);

internal interface INamedGrain : IGrainWithStringKey
{
    Task<string> NameAsync();
}

internal interface IEchoGrain : INamedGrain
{
    Task DoAsync(string what);

    ValueTask DoQuicklyAsync(string what);

    Task<int> AddAsync(int left, int right);

    ValueTask<string> JoinQuicklyAsync(string text, long number, double fraction);

    Task<Guid> ActivationAsync();

    Task FailAsync(string when);

    [OneWay]
    Task TellAsync(string what);
}

[GrainType("echo")]
internal sealed class EchoGrain(Journal journal) : Grain, IEchoGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task DoAsync(string what)
    {
        await Task.Yield();
        journal.Write($"do {what}");
    }

    public ValueTask DoQuicklyAsync(string what)
    {
        journal.Write($"do {what}");
        return default;
    }

    public Task<int> AddAsync(int left, int right) => Task.FromResult(left + right);

    public async ValueTask<string> JoinQuicklyAsync(string text, long number, double fraction)
    {
        await Task.Yield();
        return $"{text}-{number}-{fraction}";
    }

    public Task<Guid> ActivationAsync() => Task.FromResult(_activation);

    public Task<string> NameAsync() => Task.FromResult(IdentityString);

    public Task FailAsync(string when) => when switch
    {
        "null" => null!,
        "at once" => ThrowBadNews(when),
        "cancelled" => CancelItselfFromFailAsync(),
        _ => FailLaterAsync(when),
    };

    public async Task TellAsync(string what)
    {
        await journal.Gate(what);
        if (what == "fail")
            await ThrowBadNews(what);
        journal.Write($"told {what}");
    }

    internal static Task ThrowBadNews(string message) => throw new BadNewsException(message);

    private static async Task FailLaterAsync(string message)
    {
        await Task.Yield();
        await ThrowBadNews(message);
    }

    private static async Task CancelItselfFromFailAsync()
    {
        await Task.Yield();
        throw new OperationCanceledException();
    }
}

internal interface ITimeGrain : IGrainWithStringKey
{
    Task WaitAsync(string name);

    [ResponseTimeout("00:00:05")]
    Task WaitShortlyAsync(string name);

    Task WaitCancellablyAsync(CancellationToken cancellationToken);

    Task QuickAsync();

    [AlwaysInterleave]
    Task PeekAsync();
}

internal sealed class TimeGrain(Journal journal) : Grain, ITimeGrain
{
    public async Task WaitAsync(string name)
    {
        journal.Write($"{name} begins");
        await journal.Gate(name);
    }

    public Task WaitShortlyAsync(string name) => WaitAsync(name);

    public async Task WaitCancellablyAsync(CancellationToken cancellationToken)
    {
        var mine = TaskScheduler.Current;
        await using var registration = cancellationToken.Register(
            () => journal.Write(TaskScheduler.Current == mine ? "cancelled in a turn" : "cancelled outside"));
        journal.Write("cancellable begins");
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public Task QuickAsync() => Task.CompletedTask;

    public Task PeekAsync() => Task.CompletedTask;
}

internal interface IRingGrain : IGrainWithStringKey
{
    Task CallAsync(string[] next);

    [AlwaysInterleave]
    Task PeekAsync();
}

internal sealed class RingGrain(Journal journal) : Grain, IRingGrain
{
    public async Task CallAsync(string[] next)
    {
        if (next.Length == 0)
            return;
        var call = GrainFactory.GetGrain<IRingGrain>(next[0]).CallAsync(next[1..]);
        journal.Write($"{this.GetPrimaryKeyString()} calls {next[0]}");
        await call;
    }

    public Task PeekAsync() => Task.CompletedTask;
}

internal interface IWorkerGrain : IGrainWithStringKey
{
    Task<Guid> WorkAsync();
}

[StatelessWorker(3)]
internal sealed class WorkerGrain(Journal journal) : Grain, IWorkerGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<Guid> WorkAsync()
    {
        journal.Write("work begins");
        await journal.Gate("work");
        return _activation;
    }
}
