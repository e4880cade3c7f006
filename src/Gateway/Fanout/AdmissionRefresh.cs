using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Fanout;

/// <summary>
/// Keeps what one tenant's sessions may do as the directory says it, and ends those of people who may not use the chat any
/// more (rule R1). What a session was let in with may be a moment old, so each is looked at once at the first repair; from
/// then on whenever the stored versions are higher than those it was looked at with.
/// </summary>
internal sealed class AdmissionRefresh(TenantId id, TenantSessions sessions, IGrainLink grains, ILogger logger)
{
    /// <summary>People of one question.</summary>
    private const int PeopleMax = 1_000;

    private int _repairing;

    /// <summary>Somebody's record or the policy has changed.</summary>
    internal Task OnChangedAsync(PeopleChanged changed) => RefreshAsync(changed.Versions, user => changed.Users.IsEmpty || changed.Users.Contains(user));

    /// <summary>The store says that it has come so far. Nothing happens while the repair before still asks.</summary>
    internal async Task RepairAsync(TenantVersions stored)
    {
        if (Interlocked.Exchange(ref _repairing, 1) == 0)
        {
            await RefreshAsync(stored, static _ => true);
            Volatile.Write(ref _repairing, 0);
        }
    }

    private async Task RefreshAsync(TenantVersions atLeast, Func<UserId, bool> concerns)
    {
        try
        {
            var behind = sessions.All
                .Where(entry => concerns(entry.Key) && Array.Exists(entry.Value, session => !session.IsAsOf(atLeast)))
                .Select(entry => entry.Key);
            foreach (var users in behind.Chunk(PeopleMax))
            {
                var view = await grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(id).ToString())
                    .RefreshAsync([.. users], atLeast, CancellationToken.None);
                foreach (var person in view.People)
                {
                    foreach (var session in sessions.Of(person.UserId))
                    {
                        session.Renew(person, view.Versions);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            // The sessions stay behind; the next repair finds them again.
            FanoutLog.RefreshFailed(logger, id, GrainFailures.ReasonOf(exception), GrainFailures.DefectIn(exception));
        }
    }
}
