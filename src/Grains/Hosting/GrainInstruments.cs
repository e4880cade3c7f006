using System.Diagnostics.Metrics;
using OrleansChat.Conversations;

namespace OrleansChat.Grains.Hosting;

/// <summary>What the grains count (meter <c>OrleansChat.Grains</c>).</summary>
internal sealed class GrainInstruments
{
    internal const string MeterName = "OrleansChat.Grains";

    /// <summary>By the number of the refusal; 0 is none. Made once: a post allocates nothing for being counted.</summary>
    private static readonly KeyValuePair<string, object?>[] Outcomes =
    [
        new("outcome", "stored"), .. Enum.GetNames<CommandRefusal>().Select(name => new KeyValuePair<string, object?>("outcome", char.ToLowerInvariant(name[0]) + name[1..])),
    ];

    private static readonly KeyValuePair<string, object?> Repeated = new("outcome", "repeated");

    private readonly Counter<long> _posts;
    private readonly Counter<long> _publishFailures;

    public GrainInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _posts = meter.CreateCounter<long>("chat.grains.posts", "{post}", "Posts answered, by outcome: stored, repeated, or why refused.");
        _publishFailures = meter.CreateCounter<long>(
            "chat.grains.publish.failures", "{publication}", "Publications to the event stream that failed; repair brings what they held.");
    }

    internal void OnPostAnswered(CommandResult result) => _posts.Add(
        1, result.Refusal is { } refusal ? Outcomes[(int)refusal] : result.Duplicate ? Repeated : Outcomes[0]);

    internal void OnPublishFailed() => _publishFailures.Add(1);
}
