using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Gateway.Hosting;

/// <summary>When the Orleans client counts as deaf (section <c>StreamWatch</c>).</summary>
internal sealed class StreamWatchOptions
{
    internal const string Section = "StreamWatch";

    /// <summary>No canary on any stream for so long: the client hears nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>No canary on one stream for so long: longer than the silos need to replace one that died with its streams.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan PartialSilenceMax { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The client is replaced at most so often.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan RenewalPause { get; set; } = TimeSpan.FromMinutes(1);
}
