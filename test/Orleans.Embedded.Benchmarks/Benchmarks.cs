using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansChat.Orleans.Embedded.Benchmarks;

/// <summary>The measurements. Each works for a given time in batches, so that looking at the clock costs nothing.</summary>
internal sealed class Benchmarks(IServiceProvider services, TimeSpan duration, int rounds)
{
    private const int Batch = 1_000;

    private readonly IClusterClient _client = services.GetRequiredService<IClusterClient>();
    private int _keys;

    public async Task RunAsync(IReadOnlyList<string> names)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {rounds} rounds of {duration.TotalSeconds} s, median"));
        Console.WriteLine($"{"benchmark",-52}{"per second",14}{"us each",10}{"bytes",8}");
        await MeasureAsync(names, "calls: outside to grain, 1 caller", 1, (_, grain) => CallBatchAsync(grain));
        await MeasureAsync(names, "calls: outside to grain and an await there, 1 caller", 1, (_, grain) => CallLaterBatchAsync(grain));
        await MeasureAsync(names, "calls: outside to grains, 64 callers and grains", 64, (_, grain) => CallBatchAsync(grain));
        await MeasureAsync(names, "calls: outside to one grain, 64 callers", 64, (_, _) => CallBatchAsync(_client.GetGrain<ICalledGrain>("hot")));
        await MeasureAsync(names, "grain to grain, 1 pair", 1, (caller, grain) => grain.CallOtherAsync($"other {caller}", Batch));
        await MeasureAsync(names, "grain to grain, 64 pairs", 64, (caller, grain) => grain.CallOtherAsync($"other {caller}", Batch));
        foreach (var subscribers in new[] { 1, 10 })
            await MeasureStreamsAsync(names, subscribers);
        await MeasureAsync(names, "activations: first call of a new grain, 1 caller", 1, (_, _) => ActivateBatchAsync());
    }

    private static async Task CallBatchAsync(ICalledGrain grain)
    {
        for (var i = 0; i < Batch; i++)
            await grain.AddAsync(i, 1);
    }

    private static async Task CallLaterBatchAsync(ICalledGrain grain)
    {
        for (var i = 0; i < Batch; i++)
            await grain.AddLaterAsync(i, 1);
    }

    private async Task ActivateBatchAsync()
    {
        for (var i = 0; i < Batch; i++)
            await _client.GetGrain<ICalledGrain>($"new {Interlocked.Increment(ref _keys)}").AddAsync(i, 1);
    }

    private async Task MeasureStreamsAsync(IReadOnlyList<string> names, int subscribers)
    {
        var stream = _client.GetStreamProvider("memory").GetStream<string>(StreamId.Create("tenant", $"with {subscribers}"));
        using var taken = new SemaphoreSlim(0);
        for (var i = 0; i < subscribers; i++)
        {
            var count = 0;
            await stream.SubscribeAsync((_, _) =>
            {
                if (++count % Batch == 0)
                    taken.Release();
                return Task.CompletedTask;
            });
        }

        await MeasureAsync(names, $"streams: events published, {subscribers} subscribers got each", 1, async (_, _) =>
        {
            for (var i = 0; i < Batch; i++)
                await stream.OnNextAsync("event");
            for (var i = 0; i < subscribers; i++)
                await taken.WaitAsync();
        });
    }

    private async Task MeasureAsync(IReadOnlyList<string> names, string name, int callers, Func<int, ICalledGrain, Task> batch)
    {
        if (names.Count > 0 && !names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
            return;
        await RoundAsync(callers, batch);
        var results = new List<(double PerSecond, double Bytes)>();
        for (var round = 0; round < rounds; round++)
            results.Add(await RoundAsync(callers, batch));
        var (perSecond, bytes) = results.OrderBy(static result => result.PerSecond).ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-52}{perSecond,14:N0}{1e6 / perSecond,10:N2}{bytes,8:N0}"));
    }

    private async Task<(double PerSecond, double Bytes)> RoundAsync(int callers, Func<int, ICalledGrain, Task> batch)
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        var batches = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var grain = _client.GetGrain<ICalledGrain>($"called {caller}");
            var done = 0L;
            for (; Stopwatch.GetElapsedTime(began) < duration; done++)
                await batch(caller, grain);
            return done;
        })));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var operations = batches.Sum() * Batch;
        return (operations / seconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)operations);
    }
}
