using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansChat.Orleans.Embedded.Tests.Grains;
using OrleansChat.Orleans.Embedded.Tests.Testing;

namespace OrleansChat.Orleans.Embedded.Tests.Hosting;

/// <summary>Starting says what is wrong, stopping lets grains say goodbye, and calls outside of both fail clearly.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Call_BeforeStart_IsRefused()
    {
        var host = TestHost.Create();
        var exception = await Should.ThrowAsync<SiloUnavailableException>(() => host.Grain<IEchoGrain>().AddAsync(1, 1));
        exception.Message.ShouldBe("The grain host has not started yet.");
    }

    [Fact]
    public async Task Stop_GrainsInMemory_AreDeactivatedWithThatReason()
    {
        await using var host = await TestHost.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => host.Grain<ILifeGrain>($"{number}").HelloAsync()));
        await host.StopAsync();
        host.Journal.Entries.Count(static entry => entry.EndsWith("deactivates: ShuttingDown", StringComparison.Ordinal)).ShouldBe(20);
        host.Measure("orleans_embedded.activations").ShouldBe(0);
    }

    [Fact]
    public async Task Stop_RequestRuns_IsWaitedFor()
    {
        await using var host = await TestHost.StartAsync();
        var call = host.Grain<ILifeGrain>("ann").WaitAsync("gate");
        await host.Journal.SeesAsync("ann waits");
        var stop = host.StopAsync();
        stop.IsCompleted.ShouldBeFalse();
        host.Journal.Open("gate");
        await stop.SoonAsync();
        await call.SoonAsync();
        host.Journal.Entries.ShouldBe(["ann activates", "ann waits", "ann deactivates: ShuttingDown"]);
    }

    [Fact]
    public async Task Stop_RequestNeverEnds_IsGivenUpAndItsCallerIsTold()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromHours(1)));
        var (running, waiting) = (host.Grain<ILifeGrain>("ann").WaitAsync("never"), host.Grain<ILifeGrain>("ann").HelloAsync());
        await host.Journal.SeesAsync("ann waits");
        var stop = host.StopAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await stop.SoonAsync();
        (await Should.ThrowAsync<SiloUnavailableException>(() => running.SoonAsync())).Message.ShouldBe("The grain host has stopped.");
        await Should.ThrowAsync<SiloUnavailableException>(() => waiting.SoonAsync());
    }

    [Fact]
    public async Task Call_AfterStop_IsRefused()
    {
        await using var host = await TestHost.StartAsync();
        var grain = host.Grain<IEchoGrain>();
        await grain.AddAsync(1, 1);
        await host.StopAsync();
        (await Should.ThrowAsync<SiloUnavailableException>(() => grain.AddAsync(1, 1))).Message.ShouldBe("The grain host has stopped.");
        await Should.ThrowAsync<SiloUnavailableException>(() => host.Grain<IEchoGrain>("other").AddAsync(1, 1));
    }

    [Fact]
    public async Task Stop_WhileCallsComeIn_EndsAndAnswersEveryCall()
    {
        await using var host = await TestHost.StartAsync();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
                await Record.ExceptionAsync(() => host.Grain<IEchoGrain>($"{caller} {number % 500}").DoAsync("x"));
        })).ToList();
        await host.Journal.SeesAsync("do x", times: 500);
        await host.StopAsync().SoonAsync();
        await stop.CancelAsync();
        await Task.WhenAll(callers).SoonAsync();
        host.Measure("orleans_embedded.activations").ShouldBe(0);
    }

    [Fact]
    public async Task TwoHosts_InOneProcess_KnowNothingOfEachOther()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await TestHost.StartAsync();
        (await first.Grain<IEchoGrain>().ActivationAsync()).ShouldNotBe(await second.Grain<IEchoGrain>().ActivationAsync());
        await first.StopAsync();
        (await second.Grain<IEchoGrain>().AddAsync(1, 2)).ShouldBe(3);
    }

    [Fact]
    public void UseOrleans_Twice_IsOneHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo.AddGrain<EchoGrain>());
        builder.UseOrleans(static silo => silo.AddGrain<TimeGrain>());
        using var host = builder.Build();
        var client = host.Services.GetRequiredService<IClusterClient>();
        client.ShouldBeSameAs(host.Services.GetRequiredService<IGrainFactory>());
        client.GetGrain<IEchoGrain>("a").ShouldNotBeNull();
        client.GetGrain<ITimeGrain>("a").ShouldNotBeNull();
        host.Services.GetServices<IHostedService>().Count().ShouldBe(1);
    }

    [Fact]
    public void GetGrain_NobodyImplementsTheInterface_IsAClearException()
    {
        var host = TestHost.Create();
        Should.Throw<ArgumentException>(() => host.Client.GetGrain<IOrphanGrain>("a"))
            .Message.ShouldContain("No registered grain class is the implementation of OrleansChat.Orleans.Embedded.Tests.Hosting.HostTests+IOrphanGrain");
    }

    [Theory]
    [InlineData(typeof(NoInterfaceGrain), "implements no grain interface")]
    [InlineData(typeof(VoidGrain), "IVoidGrain.Do returns Void; a grain method returns Task, Task<T>, ValueTask or ValueTask<T>.")]
    [InlineData(typeof(GenericMethodGrain), "IGenericMethodGrain.DoAsync is generic")]
    [InlineData(typeof(PropertyGrain), "IPropertyGrain.get_Name belongs to a property or event")]
    [InlineData(typeof(OutGrain), "IOutGrain.DoAsync has a ref, in or out parameter")]
    [InlineData(typeof(OneWayResultGrain), "IOneWayResultGrain.DoAsync is one-way and promises a result")]
    [InlineData(typeof(TwoTokensGrain), "ITwoTokensGrain.DoAsync has more than one CancellationToken")]
    [InlineData(typeof(NoTimeGrain), "INoTimeGrain.DoAsync has a response timeout that is no time")]
    [InlineData(typeof(KeylessGrain), "IKeylessGrain does not derive from IGrainWithStringKey")]
    [InlineData(typeof(HiddenGrain), "HiddenGrain has no public constructor")]
    public async Task Start_UnsoundGrain_IsRefusedWithTheFault(Type grainClass, string fault)
    {
        var add = typeof(EmbeddedSiloBuilderExtensions).GetMethod(nameof(EmbeddedSiloBuilderExtensions.AddGrain))!.MakeGenericMethod(grainClass);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => add.Invoke(null, [silo]));
        using var host = builder.Build();
        (await Should.ThrowAsync<OrleansConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldContain(fault);
    }

    [Fact]
    public async Task Start_TwoClassesWithOneNameOrInterface_IsRefusedNamingBoth()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo.AddGrain<TwinGrain>().AddGrain<OtherTwinGrain>());
        using var host = builder.Build();
        var message = (await Should.ThrowAsync<OrleansConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message;
        message.ShouldContain("The grain type \"twin\" names more than one class");
        message.ShouldContain("ITwinGrain is implemented by more than one grain class");
    }

    [Fact]
    public void Options_OutOfBounds_AreRefusedNamingOptionValueAndBound()
    {
        var host = TestHost.Create(static silo => silo
            .Configure<GrainCollectionOptions>(static options => options.CollectionAge = TimeSpan.FromSeconds(1)));
        Should.Throw<OptionsValidationException>(() => host.Client.GetGrain<IEchoGrain>("a"))
            .Message.ShouldBe("CollectionAge is 00:00:01; it must be above CollectionQuantum, which is 00:01:00.");
    }

    public interface IOrphanGrain : IGrainWithStringKey;

    // Abstract, so that a host of the whole assembly does not take them; a host told of one by name does look at it.
    public abstract class NoInterfaceGrain : Grain
    {
        public NoInterfaceGrain()
        {
        }
    }

    public interface IVoidGrain : IGrainWithStringKey
    {
        void Do();
    }

    public abstract class VoidGrain : Grain, IVoidGrain
    {
        public abstract void Do();
    }

    public interface IGenericMethodGrain : IGrainWithStringKey
    {
        Task DoAsync<T>();
    }

    public abstract class GenericMethodGrain : Grain, IGenericMethodGrain
    {
        public abstract Task DoAsync<T>();
    }

    public interface IPropertyGrain : IGrainWithStringKey
    {
        Task<string> Name { get; }
    }

    public abstract class PropertyGrain : Grain, IPropertyGrain
    {
        public abstract Task<string> Name { get; }
    }

    public interface IOutGrain : IGrainWithStringKey
    {
        Task DoAsync(out int number);
    }

    public abstract class OutGrain : Grain, IOutGrain
    {
        public abstract Task DoAsync(out int number);
    }

    public interface IOneWayResultGrain : IGrainWithStringKey
    {
        [OneWay]
        Task<int> DoAsync();
    }

    public abstract class OneWayResultGrain : Grain, IOneWayResultGrain
    {
        public abstract Task<int> DoAsync();
    }

    public interface ITwoTokensGrain : IGrainWithStringKey
    {
        Task DoAsync(CancellationToken first, CancellationToken second);
    }

    public abstract class TwoTokensGrain : Grain, ITwoTokensGrain
    {
        public abstract Task DoAsync(CancellationToken first, CancellationToken second);
    }

    public interface INoTimeGrain : IGrainWithStringKey
    {
        [ResponseTimeout("soon")]
        Task DoAsync();
    }

    public abstract class NoTimeGrain : Grain, INoTimeGrain
    {
        public abstract Task DoAsync();
    }

    public interface IKeylessGrain : IGrain
    {
        Task DoAsync();
    }

    public abstract class KeylessGrain : Grain, IKeylessGrain
    {
        public abstract Task DoAsync();
    }

    public interface IHiddenGrain : IGrainWithStringKey;

    public abstract class HiddenGrain : Grain, IHiddenGrain
    {
        private protected HiddenGrain()
        {
        }
    }

    public interface ITwinGrain : IGrainWithStringKey;

    [GrainType("twin")]
    public abstract class TwinGrain : Grain, ITwinGrain
    {
        public TwinGrain()
        {
        }
    }

    [GrainType("twin")]
    public abstract class OtherTwinGrain : Grain, ITwinGrain
    {
        public OtherTwinGrain()
        {
        }
    }
}
