using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>Somebody who was let in: authenticated by cookie or token, known to the directory and active there.</summary>
internal sealed record Admission
{
    public required TenantId TenantId { get; init; }

    public required Person Person { get; init; }

    /// <summary>When cookie or token expire; the session ends then.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public Caller Caller => field ??= new Caller { TenantId = TenantId, UserId = Person.UserId, Name = Person.Name, Permissions = Person.Permissions };

    /// <summary>False for a role that is restricted from internal chat (rule R1).</summary>
    public bool MayUseChat => Person.Permissions.HasFlag(ChatPermissions.Use);

    /// <summary>The same admission of a person whose record or permissions have changed.</summary>
    public Admission Of(Person person) => new() { TenantId = TenantId, Person = person, ExpiresAt = ExpiresAt };

    public WirePerson ToWire() => Person.ToWire();
}
