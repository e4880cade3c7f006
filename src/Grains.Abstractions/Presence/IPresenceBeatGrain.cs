using System.Collections.Immutable;

namespace OrleansChat.Presence;

/// <summary>
/// Hands a gateway's beats to the people's grains, so that a gateway makes one call however many people are connected.
/// Stateless: any number of workers, one key by convention (<see cref="Key"/>).
/// </summary>
[Alias("chat.IPresenceBeatGrain")]
public interface IPresenceBeatGrain : IGrainWithStringKey
{
    /// <summary>The key that every gateway uses.</summary>
    const string Key = "beats";

    /// <summary>Most beats of one call; a gateway with more people makes several.</summary>
    const int BeatsMax = 1_000;

    /// <summary>Hands them over.</summary>
    /// <returns>The places, in the order given, of those that did not arrive.</returns>
    [Alias("BeatAsync")]
    Task<ImmutableArray<int>> BeatAsync(ImmutableArray<PresenceBeat> beats, CancellationToken cancellationToken);
}
