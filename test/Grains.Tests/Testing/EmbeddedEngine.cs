using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Testing;

/// <summary>The embedded engine under the grains of a test; all of its time is the test's clock.</summary>
internal static class TestEngine
{
    internal static void AddEngine(IHostApplicationBuilder builder, TimeSpan responseTimeout) =>
        builder.UseOrleans(silo => silo
            .AddGrains(typeof(GrainsServices).Assembly)
            .AddMemoryStreams(TenantStreams.Provider)
            .Services.Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = responseTimeout;
                options.CancelRequestOnTimeout = true;
            }));

    /// <summary>Waits until the last activation has ended.</summary>
    internal static async Task CollectedAsync(IServiceProvider services)
    {
        var began = Environment.TickCount64;
        while (Activations(services) is > 0 and var left)
        {
            if (Environment.TickCount64 - began > ChatHost.Patience.TotalMilliseconds)
            {
                throw new TimeoutException($"{left} activations were not collected.");
            }

            await Task.Yield();
        }
    }

    private static long Activations(IServiceProvider services)
    {
        long activations = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "orleans_embedded.activations" && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => activations += value);
        listener.Start();
        listener.RecordObservableInstruments();
        return activations;
    }
}
