using OrleansChat.Tenants;

namespace OrleansChat.Identity;

/// <summary>
/// Who acts now, as the gateway authenticated them. A grain compares the tenant with its own key and the user with its
/// own members again; a caller of another tenant is answered like an unknown conversation.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.Caller")]
public sealed record Caller
{
    /// <summary>The caller's tenant, from the principal.</summary>
    [Id(0)]
    public required TenantId TenantId { get; init; }

    /// <summary>The caller.</summary>
    [Id(1)]
    public required UserId UserId { get; init; }

    /// <summary>The caller's display name as the directory last said.</summary>
    [Id(2)]
    public required string Name { get; init; }

    /// <summary>What the caller may do by the tenant's policy, as the gateway last saw it.</summary>
    [Id(3)]
    public required ChatPermissions Permissions { get; init; }
}
