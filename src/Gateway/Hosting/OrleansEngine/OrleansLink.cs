using System.Diagnostics;
using Orleans.Configuration;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Identity;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Hosting;

/// <summary>
/// The gateway's Orleans client. The gateway serves once it has reached the cluster; from then on the client finds silos
/// by itself, and <see cref="RenewAsync"/> replaces it when events do not reach it any more.
/// </summary>
internal sealed partial class OrleansLink(ClusterEntrance entrance, ILoggerFactory loggers) : HostedLifecycle, IGrainLink, IAsyncDisposable
{
    /// <summary>Less than the deadline of a hub call (8 s), more than the silos' for a grain's own calls (6 s).</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls that are under way on a client that is replaced may still be answered for so long.</summary>
    private static readonly TimeSpan LingerTime = ResponseTimeout;

    private static readonly TimeSpan NoSiloPace = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<OrleansLink>();
    private IHost? _host;
    private long? _noSiloSaidAt;

    public IClusterClient Client { get; private set; } = null!;

    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        await entrance.CheckAsync(cancellationToken);
        await ConnectAsync(cancellationToken);
    }

    /// <summary>Replaces the client by a fresh one, with another identity, and lets the old one finish its calls.</summary>
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        var old = _host;
        await ConnectAsync(cancellationToken);
        _ = EndAsync(old, LingerTime);
    }

    public override Task StoppedAsync(CancellationToken cancellationToken) => EndAsync(Interlocked.Exchange(ref _host, null), TimeSpan.Zero);

    public async ValueTask DisposeAsync() => await EndAsync(Interlocked.Exchange(ref _host, null), TimeSpan.Zero);

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(loggers);
        builder.UseOrleansClient(client =>
        {
            entrance.Join(client);
            client.AddMemoryStreams(TenantStreams.Provider);
            client.UseConnectionRetryFilter(WaitForSilosAsync);
            client.Configure<ClientMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = ResponseTimeout;
                messaging.CancelRequestOnTimeout = true;
            });
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await EndAsync(host, TimeSpan.Zero);
            throw;
        }

        Client = host.Services.GetRequiredService<IClusterClient>();
        _host = host;
    }

    private async Task<bool> WaitForSilosAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (_noSiloSaidAt is not { } saidAt || Stopwatch.GetElapsedTime(saidAt) >= NoSiloPace)
        {
            _noSiloSaidAt = Stopwatch.GetTimestamp();
            Log.NoSilo(_logger, exception.Message);
        }

        await Task.Delay(ConnectPause, cancellationToken);
        return true;
    }

    private async Task EndAsync(IHost? host, TimeSpan linger)
    {
        if (host is null)
        {
            return;
        }

        try
        {
            await Task.Delay(linger);
            using (host)
            {
                using var impatient = new CancellationTokenSource(ResponseTimeout);
                await host.StopAsync(impatient.Token);
            }
        }
        catch (Exception exception)
        {
            Log.EndFailed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5401, LogLevel.Warning, "No silo can be reached yet; trying again: {Reason}")]
        internal static partial void NoSilo(ILogger logger, string reason);

        [LoggerMessage(5402, LogLevel.Debug, "Ending an Orleans client failed.")]
        internal static partial void EndFailed(ILogger logger, Exception exception);
    }
}
