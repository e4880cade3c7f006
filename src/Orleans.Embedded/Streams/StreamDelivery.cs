using Orleans.Embedded.Grains.Activations;

namespace Orleans.Embedded.Streams;

/// <summary>Delivers waiting events to a grain, in a turn like any request.</summary>
internal sealed class StreamDelivery<T>(Subscription<T> subscription) : Request
{
    internal override bool Interleaves => false;

    internal override string Description => "a stream delivery";

    internal override void Run(object grain) => _ = RunAsync();

    internal override bool TryForward(bool fruitless) => false;

    internal override void Refuse(Exception reason)
    {
    }

    private async Task RunAsync()
    {
        await subscription.PumpAsync();
        Activation!.End(this, fault: null, usedAt: 0);
    }
}
