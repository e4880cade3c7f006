using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Presence;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Presence;

/// <summary>Stands for the question "who of these is there?"; gateways ask it for what their sessions watch, conversations for @here.</summary>
[StatelessWorker]
[GrainType("presence-reader")]
internal sealed class PresenceReaderGrain(TimeProvider time) : Grain, IPresenceReaderGrain
{
    private TenantId _tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<PersonPresence>> ReadAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(users.Length, IPresenceReaderGrain.PeopleMax);
        // Who is nobody's id must not get a grain for having been asked for.
        var people = await GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_tenant).ToString()).PeopleAsync(users, cancellationToken);
        var known = people.Select(person => person.UserId).ToHashSet();
        return await PresenceCalls.AskAsync(
            users, user => known.Contains(user) ? Grain(user).ReadAsync(cancellationToken) : Task.FromResult(Unknown(user)), Unknown);
    }

    public async Task<ImmutableArray<UserId>> OnlineAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(users.Length, IPresenceReaderGrain.PeopleMax);
        using var patience = new CancellationTokenSource(IPresenceReaderGrain.OnlineWait, time);
        var online = await PresenceCalls.AskAsync(users, IsOnlineAsync, static _ => false);
        return [.. users.Where((_, place) => online[place])];

        async Task<bool> IsOnlineAsync(UserId user)
        {
            try
            {
                patience.Token.ThrowIfCancellationRequested();
                return await Grain(user).IsOnlineAsync(cancellationToken).WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private IPresenceGrain Grain(UserId user) => GrainFactory.GetGrain<IPresenceGrain>(new PresenceKey(_tenant, user).ToString());

    private PersonPresence Unknown(UserId user) => new() { UserId = user, State = PresenceState.Unknown, AsOf = time.GetUtcNow() };
}
