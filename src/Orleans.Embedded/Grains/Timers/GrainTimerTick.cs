using Orleans.Embedded.Grains.Activations;

namespace Orleans.Embedded.Grains.Timers;

/// <summary>One call of a grain timer's callback, in a turn like any request.</summary>
internal sealed class GrainTimerTick(GrainTimer timer) : Request
{
    internal override bool Interleaves => timer.Interleaves;

    internal override bool KeepsAlive => timer.KeepsAlive;

    internal override bool IsAbandoned => timer.IsStopped;

    internal override string Description => "a timer tick";

    internal override void Run(object grain) => _ = RunAsync();

    internal override bool TryForward(bool fruitless) => false;

    internal override void Refuse(Exception reason)
    {
    }

    private async Task RunAsync()
    {
        await timer.TickAsync();
        Activation!.End(this, fault: null, usedAt: 0);
    }
}
