using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Presence;

namespace OrleansChat.Grains.Presence;

/// <summary>Stands for the hand that spreads a gateway's beats over the grains of its people.</summary>
[StatelessWorker]
[GrainType("presence-beats")]
internal sealed class PresenceBeatGrain : Grain, IPresenceBeatGrain
{
    public async Task<ImmutableArray<int>> BeatAsync(ImmutableArray<PresenceBeat> beats, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(beats.Length, IPresenceBeatGrain.BeatsMax);
        var arrived = await PresenceCalls.AskAsync(
            beats,
            async beat => await GrainFactory.GetGrain<IPresenceGrain>(new PresenceKey(beat.TenantId, beat.UserId).ToString())
                .BeatAsync(beat, cancellationToken) is not null,
            static _ => false);
        return [.. Enumerable.Range(0, beats.Length).Where(place => !arrived[place])];
    }
}
