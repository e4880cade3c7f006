using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OrleansChat.Model.Tests.Testing;

namespace OrleansChat.Model.Tests.Running;

/// <summary>Many seeds on one kind of store. A failing seed is run again, shrunk, and said with the way to replay it.</summary>
internal static class Campaign
{
    internal const int Steps = 200;

    private const string OneSeed = "CHAT_SEED";
    private const string Seeds = "MODEL_SEEDS";
    private const string Size = "CHAT_CAMPAIGN";

    /// <summary>The seeds to run: one named by CHAT_SEED; as many as MODEL_SEEDS says; many more than usual with CHAT_CAMPAIGN=full.</summary>
    internal static int[] SeedsOf(int usual, int full) =>
        Number(OneSeed) is { } seed ? [seed]
        : [.. Enumerable.Range(1, Number(Seeds) ?? (Environment.GetEnvironmentVariable(Size) == "full" ? full : usual))];

    internal static async Task<Coverage> RunAsync(Store store, int[] seeds, Func<Task<string>> database, ITestOutputHelper output)
    {
        var (waiting, coverage, steps, began) = (new ConcurrentQueue<int>(seeds), new Coverage(), 0, Stopwatch.GetTimestamp());
        var failed = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(seeds.Length, 2 * Environment.ProcessorCount)).Select(_ => Task.Run(WorkAsync)));
        var time = Stopwatch.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{store}: {seeds.Length} seeds, {steps} steps in {time.TotalSeconds:F0} s ({steps / time.TotalSeconds:F0}/s); changes {string.Join(", ", coverage.Changes)}; facts {string.Join(", ", coverage.Facts)}"));
        failed.TryDequeue(out var failure);
        Assert.True(failure is null, failure);
        return coverage;

        async Task WorkAsync()
        {
            await using var host = await ModelHost.StartAsync(store, database);
            while (failed.IsEmpty && waiting.TryDequeue(out var seed))
            {
                var (script, failure) = await Run.OfSeedAsync(host, seed, Steps, coverage);
                Interlocked.Add(ref steps, script.Count);
                if (failure is not null)
                {
                    failed.Enqueue(await ExplainAsync(host, store, seed, script, failure));
                }
            }
        }
    }

    private static async Task<string> ExplainAsync(ModelHost host, Store store, int seed, List<Commands.Command> script, string failure)
    {
        var (last, reason) = (script, failure);
        var shrunk = await Shrinker.ShrinkAsync(script, async shorter =>
        {
            if (await Run.OfScriptAsync(host, seed, shorter) is not { } still)
            {
                return false;
            }

            (last, reason) = (shorter, still);
            return true;
        });
        var lines = string.Concat(shrunk.Select((command, number) => string.Create(CultureInfo.InvariantCulture, $"\n{number + 1,4}. {command}")));
        return $"""
            Seed {seed} fails on {store} after {script.Count} steps. Replay: {OneSeed}={seed}
            {failure}

            Shrunk to {shrunk.Count} commands:{lines}
            {(ReferenceEquals(last, script) ? "(does not fail when it is run again)" : reason)}
            """;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
