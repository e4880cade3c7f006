using OrleansChat.Gateway.Fanout;
using OrleansChat.Identity;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Fanout;

/// <summary>How many repairs a gateway reads at once, and whose turn is next.</summary>
public sealed class RepairReadsTests
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Umbrella = TenantId.Of("umbrella");

    [Theory]
    [Rule("M13")]
    [InlineData(1, 20)]
    [InlineData(3, 3)]
    [InlineData(3, 4)]
    [InlineData(32, 1_000)]
    public async Task Add_ManyAtOnce_AreReadUpToTheBoundAtTheSameTimeAndAllInTheEnd(int atOnceMax, int reads)
    {
        var repairs = new RepairReads(atOnceMax);
        var (running, most, done) = (0, 0, 0);
        var (full, open, all) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        for (var read = 0; read < reads; read++)
        {
            repairs.Add(Acme, ReadAsync);
        }

        await full.Task.WaitAsync(TestContext.Current.CancellationToken); // As many as may be are under way, and none has ended.
        open.SetResult();
        await all.Task.WaitAsync(TestContext.Current.CancellationToken);

        most.ShouldBe(atOnceMax);
        done.ShouldBe(reads);

        async Task ReadAsync()
        {
            var now = Interlocked.Increment(ref running);
            lock (full)
            {
                most = Math.Max(most, now);
            }

            if (now == atOnceMax)
            {
                full.TrySetResult();
            }

            await open.Task;
            await Task.Yield();
            Interlocked.Decrement(ref running);
            if (Interlocked.Increment(ref done) == reads)
            {
                all.SetResult();
            }
        }
    }

    [Fact]
    [Rule("M13")]
    public async Task Add_OfAnotherTenant_IsReadBeforeTheRestOfTheFirst()
    {
        var repairs = new RepairReads(1);
        var (begun, open, all) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        List<string> read = [];
        repairs.Add(Acme, () =>
        {
            begun.SetResult();
            return open.Task;
        });
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        foreach (var name in (string[])["a1", "a2", "a3"])
        {
            Add(Acme, name);
        }

        Add(Umbrella, "u1");
        Add(Umbrella, "u2");
        open.SetResult();
        await all.Task.WaitAsync(TestContext.Current.CancellationToken);

        read.ShouldBe(["a1", "u1", "a2", "u2", "a3"]);

        void Add(TenantId tenant, string name) => repairs.Add(tenant, () =>
        {
            read.Add(name);
            if (read.Count == 5)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        });
    }

    [Fact]
    [Rule("M13")]
    public async Task Add_AfterAllWereRead_IsReadToo()
    {
        var repairs = new RepairReads(1);
        for (var round = 0; round < 3; round++)
        {
            var read = new TaskCompletionSource();
            repairs.Add(Acme, () =>
            {
                read.SetResult();
                return Task.CompletedTask;
            });
            await read.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
