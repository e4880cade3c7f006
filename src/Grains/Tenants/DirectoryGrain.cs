using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Tenants;

/// <summary>
/// One tenant's directory. Gateways call it when somebody connects, conversations when people are named, the helpdesk's
/// back end when people or policy change; it owns both in memory, written through to the store.
/// </summary>
/// <remarks>
/// Reads interleave. What they see is one <see cref="TenantDirectory"/>, replaced as a whole and only by a newer one. The
/// store's versions tell what another activation, or an import, has written; they are asked for at most once in
/// <see cref="FreshFor"/>, and whenever somebody is not known.
/// </remarks>
[GrainType("directory")]
internal sealed class DirectoryGrain(
    IDirectoryStore store, IEventPublisher publisher, IOptions<DirectoryOptions> options, TimeProvider time) : Grain, IDirectoryGrain
{
    /// <summary>So long what is known counts as what is stored.</summary>
    internal static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>How often a change is tried again after another activation moved the version.</summary>
    private const int AttemptsMax = 3;

    private TenantId _tenant;
    private TenantDirectory _known = null!;
    private long _askedAt;
    private Task? _reading;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _tenant = TenantKey.Parse(this.GetPrimaryKeyString()).TenantId;
        _known = TenantDirectory.NobodyOf(_tenant);
        await ReadAsync();
    }

    public async Task<Person?> AdmitAsync(Person claims, CancellationToken cancellationToken)
    {
        await LearnAsync();
        for (var attempt = 1; _known.Find(claims.UserId) is null; attempt++)
        {
            await ReadOnceAsync();
            if (_known.Find(claims.UserId) is not null)
            {
                break;
            }

            if (!_known.Policy.ProvisionUnknown)
            {
                return null;
            }

            var person = claims with { Permissions = default };
            await PutAsync([person], [DirectoryAudit.Provisioned(person, time.GetUtcNow())], attempt, cancellationToken);
        }

        return _known.Find(claims.UserId) is { Active: true } known ? known : null;
    }

    public async Task<ImmutableArray<Person>> PeopleAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken)
    {
        await LearnAsync();
        var people = Known(users);
        if (people.Length == users.Length)
        {
            return people;
        }

        await ReadOnceAsync(); // Whoever is not known may have been stored beside this grain a moment ago.
        return Known(users);
    }

    public async Task<ImmutableArray<Person>> FindAsync(string text, int limit, CancellationToken cancellationToken)
    {
        await LearnAsync();
        return _known.Search.Find(text, limit);
    }

    public async Task<TenantPolicy> PolicyAsync(CancellationToken cancellationToken)
    {
        await LearnAsync();
        return _known.Policy;
    }

    public async Task<PeoplePage> PageAsync(UserId? after, int limit, CancellationToken cancellationToken)
    {
        await ReadOnceAsync();
        if (!_known.IsStored)
        {
            return new PeoplePage { Found = false };
        }

        var rest = _known.ById.SkipWhile(person => after is { } id && string.CompareOrdinal(person.UserId.Value, id.Value) <= 0);
        ImmutableArray<Person> page = [.. rest.Take(limit + 1)];
        return new PeoplePage { Found = true, People = page.Length > limit ? page[..limit] : page, More = page.Length > limit };
    }

    public async Task<DirectoryView> RefreshAsync(ImmutableArray<UserId> users, TenantVersions atLeast, CancellationToken cancellationToken)
    {
        await ReachAsync(atLeast);
        return new DirectoryView { Versions = _known.Versions, People = Known(users) };
    }

    public async Task<SetPolicyResult> SetPolicyAsync(SetPolicy command, CancellationToken cancellationToken)
    {
        if (!TenantPolicyRules.IsValid(command.Policy))
        {
            return new SetPolicyResult { Refusal = SetPolicyRefusal.Invalid, Policy = _known.Policy };
        }

        for (var attempt = 1; ; attempt++)
        {
            await ReadOnceAsync();
            var before = _known;
            var current = before.Policy;
            if (before.IsStored && command.Policy with { Version = current.Version } == current)
            {
                return new SetPolicyResult { Policy = current };
            }

            if (command.ExpectedVersion is { } expected && expected != current.Version)
            {
                return new SetPolicyResult { Refusal = SetPolicyRefusal.VersionMoved, Policy = current };
            }

            var next = command.Policy with { Version = current.Version + 1 };
            var audit = DirectoryAudit.PolicyChanged(command.Actor, current, next, time.GetUtcNow());
            if (await store.SetPolicyAsync(_tenant, next, audit, cancellationToken))
            {
                var stored = new StoredTenant { Versions = before.Versions with { Policy = next.Version }, Policy = next };
                await KnowAsync(before, before.With(stored));
                await PublishAsync(stored.Versions, []);
                return new SetPolicyResult { Policy = next };
            }

            RequireAnotherAttempt(attempt);
        }
    }

    public async Task<PutPeopleResult> PutPeopleAsync(PutPeople command, CancellationToken cancellationToken)
    {
        if (command.People.Length > PutPeople.PeopleMax
            || command.People.DistinctBy(person => person.UserId).Count() < command.People.Length
            || command.People.Any(person => !Enum.IsDefined(person.Role)
                || PersonRules.Create(person.UserId.Value, person.Name, person.Role, options.Value.NameScalarsMax)?.Name != person.Name))
        {
            return new PutPeopleResult { Refusal = PutPeopleRefusal.Invalid };
        }

        for (var attempt = 1; ; attempt++)
        {
            await ReadOnceAsync();
            var now = time.GetUtcNow();
            var changes = (
                from person in command.People
                let before = _known.Find(person.UserId)
                let after = person with { Permissions = default }
                where before is null || before with { Permissions = default } != after
                select (Before: before, After: after)).ToArray();
            if (changes.Length == 0 && _known.IsStored)
            {
                return new PutPeopleResult();
            }

            AuditRecord[] audit = [.. changes.Select(change => DirectoryAudit.Put(command.Actor, change.Before, change.After, now))];
            if (await PutAsync([.. changes.Select(change => change.After)], audit, attempt, cancellationToken))
            {
                ImmutableArray<UserId> changed = [.. changes.Where(change => change.Before is not null).Select(change => change.After.UserId)];
                if (!changed.IsEmpty)
                {
                    await PublishAsync(_known.Versions, changed);
                }

                return new PutPeopleResult { Added = changes.Length - changed.Length, Changed = changed.Length };
            }
        }
    }

    /// <summary>Writes people on top of what is known.</summary>
    /// <returns>False when something newer is stored: decide again.</returns>
    private async Task<bool> PutAsync(
        IReadOnlyCollection<Person> people, IReadOnlyCollection<AuditRecord> audit, int attempt, CancellationToken cancellationToken)
    {
        var before = _known;
        if (!await store.PutPeopleAsync(_tenant, people, before.Versions.People, audit, cancellationToken))
        {
            RequireAnotherAttempt(attempt);
            return false;
        }

        await KnowAsync(before, before.With(people));
        return true;
    }

    /// <summary>After a write on top of what was known: nobody else moved that version, so this is what is stored.</summary>
    private async Task KnowAsync(TenantDirectory before, TenantDirectory after)
    {
        if (_known == before)
        {
            _known = after;
        }
        else
        {
            await ReachAsync(after.Versions); // A read in between has taken in something newer, with or without this.
        }
    }

    private async Task ReachAsync(TenantVersions versions)
    {
        if (!_known.Versions.Reach(versions))
        {
            await ReadOnceAsync();
            if (!_known.Versions.Reach(versions))
            {
                await ReadOnceAsync(); // The read that was under way had begun too early.
            }
        }
    }

    private static void RequireAnotherAttempt(int attempt)
    {
        if (attempt == AttemptsMax)
        {
            throw new StoreUnavailableException("Others change this tenant all the time; nothing was written.");
        }
    }

    private ImmutableArray<Person> Known(ImmutableArray<UserId> users)
    {
        var people = ImmutableArray.CreateBuilder<Person>(users.Length);
        foreach (var user in users)
        {
            if (_known.Find(user) is { } person)
            {
                people.Add(person);
            }
        }

        return people.DrainToImmutable();
    }

    /// <summary>What is known may be a little old; while the store does not answer, older.</summary>
    private async Task LearnAsync()
    {
        if (time.GetElapsedTime(_askedAt) >= FreshFor)
        {
            try
            {
                await ReadOnceAsync();
            }
            catch (StoreUnavailableException)
            {
                // Who needs the store for more will hear it; gateways learn of changes by repair.
            }
        }
    }

    /// <summary>Takes in what is stored now, or shares the read that is under way.</summary>
    private Task ReadOnceAsync()
    {
        return _reading ??= ReadAndEndAsync();

        async Task ReadAndEndAsync()
        {
            await Task.Yield(); // Never ends within the assignment above.
            try
            {
                await ReadAsync();
            }
            finally
            {
                _reading = null;
            }
        }
    }

    private async Task ReadAsync()
    {
        var askedAt = time.GetTimestamp();
        var stored = await store.ReadTenantAsync(_tenant, CancellationToken.None);
        if (stored is not null && stored.Versions.Reach(_known.Versions) && (stored.Versions != _known.Versions || !_known.IsStored))
        {
            // The version was read before the people: they are at least as new as it says.
            var people = stored.Versions.People == _known.Versions.People && _known.IsStored
                ? null
                : (ImmutableArray<Person>?)await store.ReadPeopleAsync(_tenant, CancellationToken.None);
            if (stored.Versions.Reach(_known.Versions))
            {
                _known = people is { } all ? TenantDirectory.Of(stored, all) : _known.With(stored);
            }
        }

        _askedAt = askedAt;
    }

    /// <summary>A hint; what it tells is committed, and found by repair when the hint is lost.</summary>
    private async Task PublishAsync(TenantVersions versions, ImmutableArray<UserId> users)
    {
        var changed = new PeopleChanged { TenantId = _tenant, Versions = versions, Users = users };
        await Publish().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        async Task Publish() => await publisher.PublishAsync(changed); // Asynchronous, so that one that throws at once fails the task only.
    }
}
