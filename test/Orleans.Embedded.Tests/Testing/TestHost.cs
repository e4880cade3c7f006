using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Embedded.Hosting;
using Orleans.Hosting;
using Orleans.Streams;

namespace OrleansChat.Orleans.Embedded.Tests.Testing;

/// <summary>A grain host of its own for one test, with the grain classes of this assembly, a fake clock and a journal that grains write to.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    /// <summary>Nothing in a test waits longer than this of real time.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public FakeTimeProvider Clock { get; } = null!;

    public Journal Journal => _host.Services.GetRequiredService<Journal>();

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => _host.Services;

    public IStreamProvider Streams => Client.GetStreamProvider("memory");

    private TestHost(IHost host, FakeTimeProvider clock)
        : this(host) => Clock = clock;

    public static async Task<TestHost> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var host = Create(configure);
        await host._host.StartAsync();
        return host;
    }

    public static TestHost Create(Action<ISiloBuilder>? configure = null)
    {
        var clock = new FakeTimeProvider();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.TryAddSingleton<Journal>();
        builder.UseOrleans(silo =>
        {
            silo.AddGrains(typeof(TestHost).Assembly).AddMemoryStreams("memory").AddMemoryGrainStorage("records");
            configure?.Invoke(silo);
        });
        return new(builder.Build(), clock);
    }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public TGrain Grain<TGrain>(string key = "one")
        where TGrain : IGrainWithStringKey => Client.GetGrain<TGrain>(key);

    /// <summary>Lets every activation grow old and waits until the last has ended.</summary>
    public async Task CollectsAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(30));
        var began = Environment.TickCount64;
        while (Measure("orleans_embedded.activations") > 0)
        {
            if (Environment.TickCount64 - began > Patience.TotalMilliseconds)
                throw new TimeoutException($"{Measure("orleans_embedded.activations")} activations were not collected.");
            await Task.Yield();
        }
    }

    /// <summary>What an instrument that is asked for its value says now.</summary>
    public long Measure(string instrument)
    {
        using var count = Count(instrument);
        return count.Observe();
    }

    /// <summary>Counts what a counter adds from now on.</summary>
    public MeterCount Count(string instrument) => new(Services.GetRequiredService<IMeterFactory>(), instrument);

    /// <summary>Stops without patience for grains that the test left waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _host.StopAsync(impatient.Token);
        _host.Dispose();
    }
}
