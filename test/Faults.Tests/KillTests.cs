using System.Diagnostics;
using System.Globalization;

namespace OrleansChat.Faults.Tests;

/// <summary>The gateway dies or loses its store while people type; nothing that showed its tick may be lost, doubled or moved.</summary>
public sealed class KillTests
{
    private const int Kills = 10;

    [Fact]
    [Rule("M3")]
    public Task Gateway_KilledTenTimesWhilePeopleType_KeepsEveryPromiseOnSqlite() =>
        KillAsync(folder => Task.FromResult<StoreUnderTest>(new SqliteUnderTest(folder)));

    [Fact]
    [Rule("M3")]
    public Task Gateway_KilledTenTimesWhilePeopleType_KeepsEveryPromiseOnPostgres()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        return KillAsync(async _ => await PostgresUnderTest.StartAsync());
    }

    [Fact]
    public async Task Postgres_CrashesUnderLoad_LosesNothingAndPostsGoOnSoon()
    {
        Assert.SkipWhen(PostgresBinaries.MissingReason is not null, PostgresBinaries.MissingReason ?? "");
        var store = await PostgresUnderTest.StartAsync();
        await using var run = await ChatRun.StartAsync(_ => Task.FromResult<StoreUnderTest>(store), Seed());
        var recoveries = new List<double>();
        for (var crash = 0; crash < 3; crash++)
        {
            await run.AcksAsync(100);
            await store.Server.CrashAsync();
            await store.Server.StartAgainAsync();
            var accepting = Stopwatch.GetTimestamp();
            await run.AcksAsync(1);
            recoveries.Add(Stopwatch.GetElapsedTime(accepting).TotalSeconds);
        }

        await run.AcksAsync(50);
        var summary = await run.EndAsync();
        var times = string.Join(", ", recoveries.Select(seconds => seconds.ToString("0.00", CultureInfo.InvariantCulture)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{summary}; first acknowledgement {times} s after the server accepted again");
        recoveries.Max().ShouldBeLessThanOrEqualTo(5, times);
    }

    private static async Task KillAsync(Func<string, Task<StoreUnderTest>> createStore)
    {
        await using var run = await ChatRun.StartAsync(createStore, Seed());
        while (run.Kills < Kills)
        {
            await run.KillAndRestartAsync();
        }

        await run.AcksAsync(50);
        TestContext.Current.TestOutputHelper!.WriteLine(await run.EndAsync());
    }

    /// <summary>From the environment to repeat a run's schedule; its real timing is not repeatable.</summary>
    private static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CHAT_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CHAT_SEED={seed}"));
        return seed;
    }
}
