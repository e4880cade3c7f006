using System.ComponentModel.DataAnnotations;

namespace OrleansChat.Gateway.Fanout;

/// <summary>How events reach sessions (section <c>Fanout</c>).</summary>
internal sealed class FanoutOptions
{
    internal const string Section = "Fanout";

    /// <summary>How often the store is asked what changed, independent of the stream. Members see everything within 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:04")]
    public TimeSpan RepairInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An event may still be on its way when the store is asked; only after this pause it counts as missing.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan RepairGrace { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Conversations that this gateway reads at the same time because events of them are missing; the others wait their turn.
    /// One act may change very many at once (a purge, an import, a lost stream), and each of these reads wakes a grain and
    /// asks the store, beside those that people wait for.
    /// </summary>
    [Range(1, 10_000)]
    public int RepairsAtOnceMax { get; set; } = 32;

    /// <summary>How long a tenant without sessions keeps its subscription.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan TenantLinger { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Conversations of one tenant whose members and last rev are remembered; the idle ones are forgotten first.</summary>
    [Range(16, 10_000_000)]
    public int ConversationsMax { get; set; } = 50_000;

    /// <summary>Changes that wait while a conversation's members or a gap are read; more are left to the next repair.</summary>
    [Range(16, 1_000_000)]
    public int WaitingChangesMax { get; set; } = 1_000;

    /// <summary>Repairs of a tenant in a row, without any event between, after which its subscriptions are made anew.</summary>
    [Range(1, 1_000)]
    public int DeafAfterRepairs { get; set; } = 3;

    /// <summary>Streams per tenant that message events are spread over; the same number as the silos use.</summary>
    [Range(1, 1_024)]
    public int StreamShards { get; set; } = 1;
}
