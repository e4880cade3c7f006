using System.Security.Claims;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>Lets authenticated people in: the directory knows them, or learns of them now, and decides name and role.</summary>
internal sealed class Admissions(IGrainLink grains)
{
    /// <summary>Who asks for a route that needs a permission; null when they may not, and for whoever is restricted from chat.</summary>
    internal async Task<Admission?> AdmitAsync(HttpContext context, ChatPermissions permission) =>
        await AdmitAsync(context.User, null, context.RequestAborted) is { } admission
            && admission.Person.Permissions.HasFlag(permission | ChatPermissions.Use) ? admission : null;

    /// <summary>Null when the principal was not made here, or the person is deactivated.</summary>
    internal async Task<Admission?> AdmitAsync(ClaimsPrincipal principal, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        if (CallerClaims.Read(principal) is not var (tenant, claims))
        {
            return null;
        }

        var person = await grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(tenant).ToString()).AdmitAsync(claims, cancellationToken);
        return person is null ? null : new Admission { TenantId = tenant, Person = person, ExpiresAt = expiresAt };
    }
}
