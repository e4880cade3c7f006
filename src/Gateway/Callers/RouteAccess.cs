using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Callers;

/// <summary>
/// Who may call an HTTP route, decided before anything of its body is read: 401 for nobody, 403 for the wrong one. The tenant
/// is the principal's; no route takes one.
/// </summary>
internal static class RouteAccess
{
    /// <summary>A service of the helpdesk alone.</summary>
    internal static TBuilder ForService<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(new AuthorizationPolicy([new ServiceRequirement()], []));

    /// <summary>People with a permission, by the tenant's policy of now.</summary>
    internal static TBuilder ForPeopleWith<TBuilder>(this TBuilder route, ChatPermissions permission)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(new AuthorizationPolicy([new PermissionRequirement(permission)], []));

    /// <summary>The service that calls a route of <see cref="ForService"/>.</summary>
    internal static ServiceCaller Service(this HttpContext context) => ServiceClaims.Read(context.User)!;

    /// <summary>The person who calls a route of <see cref="ForPeopleWith"/>.</summary>
    internal static Admission Person(this HttpContext context) => context.Features.GetRequiredFeature<Admission>();

    internal static void AddRouteAccess(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, ServiceHandler>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
    }

    private sealed class ServiceRequirement : IAuthorizationRequirement;

    private sealed record PermissionRequirement(ChatPermissions Permission) : IAuthorizationRequirement;

    private sealed class ServiceHandler : AuthorizationHandler<ServiceRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ServiceRequirement requirement)
        {
            if (ServiceClaims.Read(context.User) is not null)
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class PermissionHandler(Admissions admissions) : AuthorizationHandler<PermissionRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
        {
            if (context is { User.Identity.IsAuthenticated: true, Resource: HttpContext http }
                && await admissions.AdmitAsync(http, requirement.Permission) is { } admission)
            {
                http.Features.Set(admission);
                context.Succeed(requirement);
            }
        }
    }
}
