using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansChat.Gateway.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>
/// The grains of a test's gateway: a silo that is the whole cluster, which the gateway reaches by TCP as in production.
/// Grains and store see the test's clock; what the silo and its clients do behind them goes by real time.
/// </summary>
internal sealed class GrainHost : IAsyncDisposable
{
    /// <summary>Below the ports that systems give to connections of their own.</summary>
    private const int FirstPort = 20_000;
    private const int Ports = 10_000;

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(5);
    private static int _lastPort = Environment.ProcessId * 97;

    private readonly IHost _silo;
    private readonly int _gatewayPort;

    private GrainHost(IHost silo, int gatewayPort) => (_silo, _gatewayPort) = (silo, gatewayPort);

    /// <summary>Options that only this engine has.</summary>
    internal static (Type Options, string Section)[] Sections => [(typeof(StreamWatchOptions), StreamWatchOptions.Section)];

    internal static async Task<GrainHost> StartAsync(ChatSetup setup, string storePath, LogBook logs)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = setup.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddJsonFile("appsettings.json").AddCommandLine([$"--Store:Path={storePath}", .. setup.Settings]);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddProvider(logs);
        builder.Services.AddSingleton<TimeProvider>(setup.Time ?? TimeProvider.System);
        builder.Services.AddChatStore(StoreConfiguration.Read(builder.Configuration, exclusive: true));
        builder.Services.AddChatGrains();
        var gatewayPort = FreePort();
        builder.UseOrleans(silo => AddSilo(silo, gatewayPort));
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddDemoSeeding();
        }

        setup.ConfigureGrains?.Invoke(builder.Services);
        var host = new GrainHost(builder.Build(), gatewayPort);
        try
        {
            await host._silo.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// What a gateway must be told to be composed: a database, though silo and gateway find each other without it; and not
    /// to miss the canaries, which only sing where the test is about them.
    /// </summary>
    internal static string[] SettingsOf(string storePath)
    {
        _ = storePath; // The silo's.
        return
        [
            "--Cluster:ConnectionString=Host=localhost", "--StreamWatch:SilenceMax=01:00:00", "--StreamWatch:PartialSilenceMax=01:00:00",
            "--StreamWatch:RenewalPause=01:00:00", "--Sockets:DrainTime=00:00:00",
        ];
    }

    /// <summary>Brings gateway and grains together.</summary>
    internal void Join(WebApplicationBuilder gateway) => gateway.Services.AddSingleton(new ClusterEntrance
    {
        CheckAsync = static _ => Task.CompletedTask,
        Join = client => client.UseLocalhostClustering(_gatewayPort),
    });

    internal static IServiceProvider ServicesOf(GrainHost grains, WebApplication gateway)
    {
        _ = gateway;
        return grains._silo.Services;
    }

    public async ValueTask DisposeAsync()
    {
        using (_silo)
        {
            using var impatient = new CancellationTokenSource(Impatience);
            await _silo.StopAsync(impatient.Token);
        }
    }

    private static void AddSilo(ISiloBuilder silo, int gatewayPort)
    {
        // No other silo connects to it: it has a name like any, and listens for them where there is room.
        silo.UseLocalhostClustering(siloPort: gatewayPort, gatewayPort: gatewayPort)
            .AddMemoryGrainStorage("PubSubStore")
            .AddMemoryStreams(TenantStreams.Provider);
        silo.Services
            .AddGrainStatesInStore()
            .AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System) // Each of Orleans' areas asks by its name.
            .Configure<EndpointOptions>(options => options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0))
            .Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CancelRequestOnTimeout = true;
            });
    }

    private static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _lastPort) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next one.
            }
        }
    }
}
