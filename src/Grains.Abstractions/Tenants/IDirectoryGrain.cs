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
    /// new. Afterwards the directory, not the token, says name and role. Null when the person is deactivated.
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
