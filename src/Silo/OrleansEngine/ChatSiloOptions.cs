using System.ComponentModel.DataAnnotations;
using System.Net;

namespace OrleansChat.Silo;

/// <summary>One silo: where it is reached, and what it takes on (section <c>Silo</c>).</summary>
internal sealed class ChatSiloOptions
{
    internal const string Section = "Silo";

    /// <summary>The address at which the other silos and the gateways reach this one, and on which it listens.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Port for other silos.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 11_111;

    /// <summary>Port for gateways.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>What logs and membership call it; by default machine and port.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Calls that wait for one activation before a warning. A conversation holds its posts in a bounded queue of its own
    /// (<c>Conversations:WaitingPostsMax</c>), and they count here too.
    /// </summary>
    [Range(1, 1_000_000)]
    public int EnqueuedCallsWarning { get; set; } = 1_200;

    /// <summary>Calls that wait for one activation; more are refused.</summary>
    [Range(1, 1_000_000)]
    public int EnqueuedCallsMax { get; set; } = 2_000;

    /// <summary>Calls of gateways are refused while this silo alone keeps more of the machine's CPU busy, in percent.</summary>
    [Range(1, 100)]
    public int SheddingCpuPercent { get; set; } = 90;

    /// <summary>Calls of gateways are refused while this silo holds more of the memory that it may have, in percent.</summary>
    [Range(1, 100)]
    public int SheddingMemoryPercent { get; set; } = 85;

    /// <summary>How long messages for a gateway that is gone are kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ClientDropTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A call that runs longer makes its activation a stuck one, which is replaced.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often queues of events are looked into: half of it is what the stream adds to a message's way.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan StreamPollInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Queues of events in the whole cluster; the same number on all silos.</summary>
    [Range(1, 1_024)]
    public int StreamQueues { get; set; } = 16;

    /// <summary>Events of a stream that a gateway gets in one delivery.</summary>
    [Range(1, 10_000)]
    public int StreamBatch { get; set; } = 64;

    /// <summary>How long a probe of another silo may take at first; it adapts between half and twice of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Missed probes in a row after which a silo is suspected.</summary>
    [Range(1, 20)]
    public int MissedProbesMax { get; set; } = 3;

    /// <summary>How long a stop may take: activations end and calls finish.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(40);
}
