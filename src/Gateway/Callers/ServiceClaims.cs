using System.Security.Claims;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Callers;

/// <summary>Who acts for the helpdesk's back end: on one tenant, as the service that the audit names.</summary>
internal sealed record ServiceCaller(TenantId TenantId, UserId Service);

/// <summary>The claims of a service's token; made and read only here. A principal that has them is never a person.</summary>
internal static class ServiceClaims
{
    /// <summary>The scope, one of those of the token, that makes it a service's.</summary>
    internal const string ProvisionScope = "chat.provision";

    private const string Tenant = "service_tenant";
    private const string Service = "service_sub";

    /// <summary>True when a token's <c>scope</c>, words with spaces between, says that a service holds it.</summary>
    internal static bool IsService(string? scope) => scope?.Split(' ').Contains(ProvisionScope, StringComparer.Ordinal) ?? false;

    /// <summary>An identity with valid claims; null when one of them is missing or out of bounds.</summary>
    internal static ClaimsIdentity? Create(string? tenant, string? service, string scheme) =>
        TenantId.TryParse(tenant, out var tenantId) && UserId.TryParse(service, out var serviceId)
            ? new ClaimsIdentity([new Claim(Tenant, tenantId.Value), new Claim(Service, serviceId.Value)], scheme, Service, null)
            : null;

    /// <summary>Which service the principal is; null for anybody else.</summary>
    internal static ServiceCaller? Read(ClaimsPrincipal principal) =>
        TenantId.TryParse(principal.FindFirstValue(Tenant), out var tenant) && UserId.TryParse(principal.FindFirstValue(Service), out var service)
            ? new ServiceCaller(tenant, service)
            : null;
}
