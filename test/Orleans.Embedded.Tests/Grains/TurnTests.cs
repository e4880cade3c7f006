using Orleans;
using Orleans.Concurrency;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Grains;

/// <summary>One turn at a time, one request at a time, unless a method says otherwise.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task Calls_FromOneCallerWithoutAwait_StartInTheOrderMade()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(grain.RecordAsync));
        (await grain.RecordedAsync()).ShouldBe(Enumerable.Range(0, 10_000));
    }

    [Fact]
    public async Task Turns_UnderLoadFromManyThreads_NeverOverlap()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await (((caller + i) & 1) == 0 ? grain.CountSlowlyAsync() : grain.CountInterleavingAsync());
        })));
        (await grain.OverlapsAsync()).ShouldBe(0);
        (await grain.CountAsync()).ShouldBe(8 * 500 * 3);
    }

    [Fact]
    public async Task Call_WhileAnotherAwaits_Waits()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        var second = grain.WaitAsync("second");
        host.Journal.Open("second");
        (await grain.PeekAsync()).ShouldBe(1);
        host.Journal.Open("first");
        await Task.WhenAll(first, second);
        host.Journal.Entries.ShouldBe(["first begins", "first ends", "second begins", "second ends"]);
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherAwaits_Runs()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        (await grain.PeekAsync()).ShouldBe(1);
        host.Journal.Open("first");
        await first;
    }

    [Fact]
    public async Task ReadOnly_WhileAnotherReadOnlyAwaits_Runs()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        var first = grain.ReadAsync("first");
        await host.Journal.SeesAsync("first begins");
        host.Journal.Open("second");
        await grain.ReadAsync("second");
        host.Journal.Open("first");
        await first;
    }

    [Fact]
    public async Task ReadOnly_WhileAWriterAwaits_Waits()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        var writer = grain.WaitAsync("writer");
        await host.Journal.SeesAsync("writer begins");
        var reader = grain.ReadAsync("reader");
        await grain.PeekAsync();
        host.Journal.Entries.ShouldNotContain("reader begins");
        host.Journal.Open("writer");
        host.Journal.Open("reader");
        await Task.WhenAll(reader, writer);
    }

    [Fact]
    public async Task Writer_WhileReadersAwait_WaitsForTheLastOfThem()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        var readers = new[] { grain.ReadAsync("first"), grain.ReadAsync("second") };
        await host.Journal.SeesAsync("second begins");
        var writer = grain.WaitAsync("writer");
        host.Journal.Open("first");
        await readers[0];
        await grain.PeekAsync();
        host.Journal.Entries.ShouldNotContain("writer begins");
        host.Journal.Open("second");
        host.Journal.Open("writer");
        await Task.WhenAll([writer, .. readers]);
    }

    [Fact]
    public async Task Reentrant_WhileAnotherAwaits_Runs()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IReentrantGrain>();
        var first = grain.WaitAsync("first");
        await host.Journal.SeesAsync("first begins");
        host.Journal.Open("second");
        await grain.WaitAsync("second");
        host.Journal.Open("first");
        await first;
    }

    [Fact]
    public async Task Await_InAGrain_ComesBackToTheGrainsScheduler()
    {
        await using var host = await TestHost.StartAsync();
        (await host.Grain<ITurnGrain>().WhereAsync()).ShouldBe("after await: same, after Task.Run inside: default, after it: same, after ConfigureAwait(false): default");
    }

    [Fact]
    public async Task Call_AfterConfigureAwaitFalseInTheGrain_StillEndsAndLetsTheNextRun()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<ITurnGrain>();
        await grain.WhereAsync();
        (await grain.CountAsync()).ShouldBe(0);
    }
}

internal interface ITurnGrain : IGrainWithStringKey
{
    Task RecordAsync(int number);

    Task<IReadOnlyList<int>> RecordedAsync();

    Task CountSlowlyAsync();

    [AlwaysInterleave]
    Task CountInterleavingAsync();

    Task<int> CountAsync();

    Task<int> OverlapsAsync();

    Task WaitAsync(string name);

    [ReadOnly]
    Task ReadAsync(string name);

    /// <summary>How many requests wait in an await now.</summary>
    [AlwaysInterleave]
    Task<int> PeekAsync();

    Task<string> WhereAsync();
}

internal sealed class TurnGrain(Journal journal) : Grain, ITurnGrain
{
    private readonly List<int> _recorded = [];
    private int _inTurn;
    private int _overlaps;
    private int _count;
    private int _awaiting;

    public Task RecordAsync(int number)
    {
        _recorded.Add(number);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<int>> RecordedAsync() => Task.FromResult<IReadOnlyList<int>>(_recorded);

    public async Task CountSlowlyAsync()
    {
        InTurn();
        await Task.Yield();
        InTurn();
        await Task.Run(static () => Thread.SpinWait(50));
        InTurn();
    }

    public Task CountInterleavingAsync() => CountSlowlyAsync();

    public Task<int> CountAsync() => Task.FromResult(_count);

    public Task<int> OverlapsAsync() => Task.FromResult(_overlaps);

    public async Task WaitAsync(string name)
    {
        journal.Write($"{name} begins");
        _awaiting++;
        await journal.Gate(name);
        _awaiting--;
        journal.Write($"{name} ends");
    }

    public Task ReadAsync(string name) => WaitAsync(name);

    public Task<int> PeekAsync() => Task.FromResult(_awaiting);

    public async Task<string> WhereAsync()
    {
        var mine = TaskScheduler.Current;
        string Here() => TaskScheduler.Current == mine ? "same" : TaskScheduler.Current == TaskScheduler.Default ? "default" : "other";
        await Task.Yield();
        var afterAwait = Here();
        var inside = await Task.Run(Here);
        var after = Here();
        await Task.Delay(1).ConfigureAwait(false);
        return $"after await: {afterAwait}, after Task.Run inside: {inside}, after it: {after}, after ConfigureAwait(false): {Here()}";
    }

    private void InTurn()
    {
        if (Interlocked.Increment(ref _inTurn) != 1)
            _overlaps++;
        _count++;
        Thread.SpinWait(100);
        Interlocked.Decrement(ref _inTurn);
    }
}

internal interface IReentrantGrain : IGrainWithStringKey
{
    Task WaitAsync(string name);
}

[Reentrant]
internal sealed class ReentrantGrain(Journal journal) : Grain, IReentrantGrain
{
    public async Task WaitAsync(string name)
    {
        journal.Write($"{name} begins");
        await journal.Gate(name);
    }
}
