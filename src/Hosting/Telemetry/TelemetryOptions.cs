using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Hosting;

/// <summary>Where metrics go (section <c>Telemetry</c>).</summary>
public sealed class TelemetryOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>An OTLP receiver (http or https; metrics go to <c>/v1/metrics</c> of it). None by default.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How often metrics are sent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ExportInterval { get; set; } = TimeSpan.FromSeconds(15);
}
