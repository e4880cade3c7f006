using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Http;

/// <summary>In Development only: sign in as one of the demo tenant's people, without a helpdesk.</summary>
internal static class DevelopmentEndpoints
{
    internal static void MapDevelopment(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            // Else the page that answers GET everywhere would make a POST "method not allowed".
            app.Map("/api/development/{**path}", static () => Results.NotFound());
            return;
        }

        app.MapGet("/api/development/people", ReadPeopleAsync);
        app.MapPost("/api/development/session", SignInAsync).AddEndpointFilter<AllowedOriginFilter>();
    }

    private static async Task<IResult> ReadPeopleAsync(IGrainLink grains, CancellationToken cancellationToken)
    {
        var people = await Directory(grains).PeopleAsync([.. DemoTenant.People.Select(person => person.UserId)], cancellationToken);
        return Results.Json(people.Select(person => person.ToWire()).ToArray());
    }

    private static async Task<IResult> SignInAsync(
        DevelopmentSignIn request, HttpContext context, IGrainLink grains, IOptions<TokenOptions> options, TimeProvider time)
    {
        var people = UserId.TryParse(request.UserId, out var user) ? await Directory(grains).PeopleAsync([user], context.RequestAborted) : [];
        if (people is not [{ Active: true } person])
        {
            return Results.NotFound();
        }

        await SessionEndpoints.SignInAsync(
            context,
            CallerClaims.Create(DemoTenant.Id, person, CallersServices.CookieScheme(context)),
            time.GetUtcNow() + options.Value.CookieLifetime);
        return Results.NoContent();
    }

    private static IDirectoryGrain Directory(IGrainLink grains) =>
        grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(DemoTenant.Id).ToString());
}
