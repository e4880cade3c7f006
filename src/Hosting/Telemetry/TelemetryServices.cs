using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OrleansChat.Hosting;

/// <summary>Sends what the program counts to an OTLP receiver, when one is configured.</summary>
public static class TelemetryServices
{
    private const string MetricsPath = "v1/metrics";

    /// <summary>The chat's meters, the engine's and the platform's.</summary>
    private static readonly string[] Meters =
        ["OrleansChat.*", "Microsoft.Orleans", "Orleans.Embedded", "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Adds the export.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="service">The program's name, as <c>service.name</c> of everything it sends.</param>
    public static IServiceCollection AddChatTelemetry(this IServiceCollection services, string service)
    {
        services.AddBoundedOptions<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton<IValidateOptions<TelemetryOptions>, EndpointIsHttp>();
        return services.AddHostedService(provider => new MetricsExport(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value, service));
    }

    private sealed class EndpointIsHttp : IValidateOptions<TelemetryOptions>
    {
        public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
            options.OtlpEndpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{TelemetryOptions.Section}:{nameof(options.OtlpEndpoint)} is {options.OtlpEndpoint}; it must be an http or https URL.");
    }

    private sealed class MetricsExport(TelemetryOptions options, string service) : HostedLifecycle
    {
        private MeterProvider? _provider;

        public override Task StartingAsync(CancellationToken cancellationToken)
        {
            if (options.OtlpEndpoint is { } endpoint)
            {
                _provider = Sdk.CreateMeterProviderBuilder()
                    .ConfigureResource(resource => resource.AddService(service, serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"))
                    .AddMeter(Meters)
                    .AddOtlpExporter((exporter, reader) =>
                    {
                        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                        exporter.Endpoint = new Uri(new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/"), MetricsPath);
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.ExportInterval.TotalMilliseconds;
                    })
                    .Build();
            }

            return Task.CompletedTask;
        }

        public override Task StoppedAsync(CancellationToken cancellationToken)
        {
            _provider?.Dispose(); // Sends what is left.
            return Task.CompletedTask;
        }
    }
}
