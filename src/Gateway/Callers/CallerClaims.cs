using System.Security.Claims;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>The claims of a caller, in cookie and principal alike; made and read only here.</summary>
internal static class CallerClaims
{
    private const string Tenant = "tenant";
    private const string User = "sub";
    private const string Name = "name";
    private const string Role = "role";

    /// <summary>An identity with valid claims; null when one of them is missing or out of bounds.</summary>
    internal static ClaimsIdentity? Create(string? tenant, string? user, string? name, Role? role, string scheme, int nameScalarsMax) =>
        TenantId.TryParse(tenant, out var tenantId) && role is { } known && PersonRules.Create(user, name, known, nameScalarsMax) is { } person
            ? Create(tenantId, person, scheme)
            : null;

    internal static ClaimsIdentity Create(TenantId tenant, Person person, string scheme) => new(
        [
            new Claim(Tenant, tenant.Value),
            new Claim(User, person.UserId.Value),
            new Claim(Name, person.Name),
            new Claim(Role, person.Role.ToWire()),
        ],
        scheme,
        Name,
        Role);

    /// <summary>Who the principal says it is; null for one that was not made here. A cookie may be from when longer names were allowed.</summary>
    internal static (TenantId Tenant, Person Claims)? Read(ClaimsPrincipal principal)
    {
        var person = WireMapping.RoleOf(principal.FindFirstValue(Role)) is { } role
            ? PersonRules.Create(principal.FindFirstValue(User), principal.FindFirstValue(Name), role, DirectoryOptions.NameScalarsCeiling)
            : null;
        return person is not null && TenantId.TryParse(principal.FindFirstValue(Tenant), out var tenant) ? (tenant, person) : null;
    }
}
