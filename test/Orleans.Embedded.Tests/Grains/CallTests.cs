using Orleans;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Grains;

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
}

internal interface IEchoGrain : IGrainWithStringKey
{
    Task DoAsync(string what);

    ValueTask DoQuicklyAsync(string what);

    Task<int> AddAsync(int left, int right);

    ValueTask<string> JoinQuicklyAsync(string text, long number, double fraction);
}

internal sealed class EchoGrain(Journal journal) : Grain, IEchoGrain
{
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
}
