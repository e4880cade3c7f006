using System.Security.Claims;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>Lets authenticated people in: the directory knows them, or learns of them now, and decides name and role.</summary>
internal sealed class Admissions(IGrainLink grains)
{
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
