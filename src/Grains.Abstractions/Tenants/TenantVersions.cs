using System.Collections.Immutable;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Tenants;

/// <summary>
/// How far a tenant's people and policy have come, as stored with them: whoever knows lower numbers knows something old.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.TenantVersions")]
public sealed record TenantVersions
{
    /// <summary>Whose.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }

    /// <summary>Rises with every change of somebody's record.</summary>
    [Id(1)]
    public required long People { get; init; }

    /// <summary>Rises with every change of the policy.</summary>
    [Id(2)]
    public required long Policy { get; init; }

    /// <summary>True when nothing of these is older than the others.</summary>
    public bool Reach(TenantVersions others) => People >= others.People && Policy >= others.Policy;
}

/// <summary>
/// Records or permissions of people changed (rule R3: open sessions notice). Told after the commit; a gateway that misses it
/// finds the higher versions by repair.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.PeopleChanged")]
public sealed record PeopleChanged : TenantSignal
{
    /// <summary>The versions that include the change.</summary>
    [Id(0)]
    public required TenantVersions Versions { get; init; }

    /// <summary>Whose records changed; nobody named: everybody's permissions may have.</summary>
    [Id(1)]
    public ImmutableArray<UserId> Users { get; init; } = [];
}
