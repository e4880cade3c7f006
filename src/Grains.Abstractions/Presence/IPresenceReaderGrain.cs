using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Presence;

/// <summary>
/// Answers the presence of many people of one tenant (key: <see cref="TenantKey"/>) in one call. Stateless: any number of
/// workers ask the people's own grains.
/// </summary>
[Alias("chat.IPresenceReaderGrain")]
public interface IPresenceReaderGrain : IGrainWithStringKey
{
    /// <summary>Most people of one question: as many as a conversation has members.</summary>
    const int PeopleMax = 10_000;

    /// <summary>Longest wait of <see cref="OnlineAsync"/>; who has not answered then is not online.</summary>
    static readonly TimeSpan OnlineWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For each of the people, in the order asked, what others see; <see cref="PresenceState.Unknown"/> for who does not answer
    /// in time and for ids that nobody of this tenant has, whether or not another tenant knows them (rule P10).
    /// </summary>
    [Alias("ReadAsync")]
    Task<ImmutableArray<PersonPresence>> ReadAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken);

    /// <summary>
    /// Those of the people whom @here reaches: at a device now, do-not-disturb included; nobody who is away, offline, appears
    /// offline or is unknown. Members are taken for granted: the caller names people of the tenant only.
    /// </summary>
    [Alias("OnlineAsync")]
    Task<ImmutableArray<UserId>> OnlineAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken);
}
