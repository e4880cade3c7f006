using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansChat.Identity;

namespace OrleansChat.Silo;

/// <summary>Sings on every canary stream, so that gateways know whether events reach them.</summary>
internal sealed partial class CanaryPublisher(
    [FromKeyedServices(TenantStreams.Provider)] IStreamProvider provider, TimeProvider time, ILogger<CanaryPublisher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CanaryStreams.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // At the same time: a queue that hangs with its silo silences none but its own.
            await Task.WhenAll(Enumerable.Range(0, CanaryStreams.Count).Select(number => SingAsync(number, stoppingToken)));
        }
    }

    private async Task SingAsync(int number, CancellationToken stoppingToken)
    {
        try
        {
            await provider.GetStream<Canary>(CanaryStreams.Of(number)).OnNextAsync(new Canary { Number = number }).WaitAsync(CanaryStreams.Interval, time, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(logger, number, exception);
        }
    }

    [LoggerMessage(6201, LogLevel.Debug, "Canary {Number} could not be sent.")]
    private static partial void LogFailed(ILogger logger, int number, Exception exception);
}
