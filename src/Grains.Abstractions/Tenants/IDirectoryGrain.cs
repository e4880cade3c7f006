using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansChat.Identity;

namespace OrleansChat.Tenants;

/// <summary>A tenant's people (key: <see cref="TenantKey"/>): who they are, what role they have, and how to find them by name.</summary>
[Alias("chat.IDirectoryGrain")]
public interface IDirectoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Admits somebody with a valid token: returns the directory's record, made from the token's claims when the person is
    /// new and the tenant's policy allows it. Afterwards the directory, not the token, says name and role. Null when the
    /// person is deactivated, or not known and not to be made known.
    /// </summary>
    [Alias("AdmitAsync")]
    Task<Person?> AdmitAsync(Person claims, CancellationToken cancellationToken);

    /// <summary>The people with these ids; unknown ones are missing from the answer.</summary>
    [AlwaysInterleave]
    [Alias("PeopleAsync")]
    Task<ImmutableArray<Person>> PeopleAsync(ImmutableArray<UserId> users, CancellationToken cancellationToken);

    /// <summary>
    /// Active people whose name or id matches, best first: exact, prefix, prefix of a word, inner (rule L4); case and
    /// accents do not matter. An empty text finds everybody by name.
    /// </summary>
    /// <param name="text">What to look for, at most 80 scalars.</param>
    /// <param name="limit">At most so many, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    [AlwaysInterleave]
    [Alias("FindAsync")]
    Task<ImmutableArray<Person>> FindAsync(string text, int limit, CancellationToken cancellationToken);

    /// <summary>The tenant's policy; the defaults for a tenant that decided nothing.</summary>
    [AlwaysInterleave]
    [Alias("PolicyAsync")]
    Task<TenantPolicy> PolicyAsync(CancellationToken cancellationToken);

    /// <summary>Puts a policy in force, durably, and makes the tenant known. Repeating it changes nothing.</summary>
    [Alias("SetPolicyAsync")]
    Task<SetPolicyResult> SetPolicyAsync(SetPolicy command, CancellationToken cancellationToken);

    /// <summary>Makes people known or different, durably, all or none; makes the tenant known. Repeating it changes nothing.</summary>
    [Alias("PutPeopleAsync")]
    Task<PutPeopleResult> PutPeopleAsync(PutPeople command, CancellationToken cancellationToken);

    /// <summary>A page of everybody, active or not, in order of ids.</summary>
    /// <param name="after">The page begins after this id; null: with the first.</param>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    [AlwaysInterleave]
    [Alias("PageAsync")]
    Task<PeoplePage> PageAsync(UserId? after, int limit, CancellationToken cancellationToken);

    /// <summary>For gateways: what is known of these people, at least as of these versions.</summary>
    [AlwaysInterleave]
    [Alias("RefreshAsync")]
    Task<DirectoryView> RefreshAsync(ImmutableArray<UserId> users, TenantVersions atLeast, CancellationToken cancellationToken);
}

/// <summary>What a person may do follows from the role.</summary>
[GenerateSerializer, Alias("chat.Role")]
public enum Role
{
    /// <summary>Answers customers.</summary>
    Agent = 1,

    /// <summary>Leads agents.</summary>
    Supervisor = 2,

    /// <summary>Administers the tenant.</summary>
    Admin = 3,

    /// <summary>Owns the tenant.</summary>
    Owner = 4,
}

/// <summary>A person of a tenant.</summary>
[GenerateSerializer, Immutable, Alias("chat.Person")]
public sealed record Person
{
    /// <summary>The helpdesk's id.</summary>
    [Id(0)]
    public required UserId UserId { get; init; }

    /// <summary>Display name, 1–80 scalars.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The person's role.</summary>
    [Id(2)]
    public required Role Role { get; init; }

    /// <summary>False when the helpdesk deactivated the person.</summary>
    [Id(3)]
    public bool Active { get; init; } = true;

    /// <summary>What the person may do by the tenant's policy; nothing when inactive. Said by the directory, not stored with the person.</summary>
    [Id(4)]
    public ChatPermissions Permissions { get; init; }
}
