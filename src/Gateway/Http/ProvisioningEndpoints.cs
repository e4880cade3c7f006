using System.Collections.Immutable;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Http;

/// <summary>How the helpdesk's back end makes its tenant and people known here (docs/protocol.md, Provisioning). Every route may be repeated.</summary>
internal static class ProvisioningEndpoints
{
    internal const string Prefix = "/api/provisioning";

    /// <summary>What a person takes at the most besides the name: an id of 128 characters, every one escaped.</summary>
    private const int PersonBytesMax = 1_024;

    /// <summary>An escaped scalar beyond the BMP.</summary>
    private const int ScalarBytesMax = 12;

    private const int PageDefault = 200;

    internal static void MapProvisioning(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Prefix).ForService().AddEndpointFilter<AllowedOriginFilter>().WithTags("provisioning");
        group.MapGet("/tenant", ReadTenantAsync)
            .Produces<PolicyAnswer>().Produces<HttpRefusal>(StatusCodes.Status404NotFound);
        group.MapPut("/tenant", PutTenantAsync)
            .Produces<PolicyAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status413PayloadTooLarge).Produces<HttpRefusal>(StatusCodes.Status409Conflict);
        group.MapGet("/people", ReadPeopleAsync)
            .Produces<PeoplePageAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status404NotFound);
        var people = routes.ServiceProvider.GetRequiredService<IOptions<DirectoryOptions>>().Value;
        group.MapPut("/people", PutPeopleAsync).WithMetadata(new RequestSizeLimitAttribute(PeopleBodyBytesMax(people.NameScalarsMax)))
            .Produces<PutPeopleAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status413PayloadTooLarge);
    }

    /// <summary>A thousand people with the longest names and ids, every character of them escaped.</summary>
    internal static int PeopleBodyBytesMax(int nameScalarsMax) =>
        Math.Max(2 * 1024 * 1024, PutPeople.PeopleMax * (PersonBytesMax + (ScalarBytesMax * nameScalarsMax)));

    private static async Task<IResult> ReadTenantAsync(HttpContext context, IGrainLink grains)
    {
        var service = context.Service();
        var directory = Directory(grains, service);
        var stored = await directory.PageAsync(null, 1, context.RequestAborted);
        return stored.Found
            ? Results.Json(Answer(service.TenantId, await directory.PolicyAsync(context.RequestAborted)))
            : HttpRefusals.NotFound();
    }

    private static async Task<IResult> PutTenantAsync(PolicyRequest request, HttpContext context, IGrainLink grains)
    {
        var (policy, invalid) = PolicyOf(request);
        if (policy is null)
        {
            return invalid!;
        }

        var service = context.Service();
        var set = await Directory(grains, service).SetPolicyAsync(
            new SetPolicy { Actor = service.Service, Policy = policy, ExpectedVersion = request.Version }, context.RequestAborted);
        return set.Refusal is not { } refusal ? Results.Json(Answer(service.TenantId, set.Policy)) : refusal switch
        {
            SetPolicyRefusal.VersionMoved => HttpRefusals.VersionMoved(set.Policy.Version),
            SetPolicyRefusal.Invalid => HttpRefusals.Invalid("policy", "A value is out of its bounds."),
        };
    }

    private static async Task<IResult> ReadPeopleAsync(HttpContext context, IGrainLink grains, string? after = null, int limit = PageDefault)
    {
        UserId? afterId = null;
        if (after is not null)
        {
            if (!UserId.TryParse(after, out var id))
            {
                return HttpRefusals.Invalid("after", "after is not the next of a page before.");
            }

            afterId = id;
        }

        if (limit is < 1 or > PutPeople.PeopleMax)
        {
            return HttpRefusals.Invalid("limit", $"limit must be 1 to {PutPeople.PeopleMax}.");
        }

        var page = await Directory(grains, context.Service()).PageAsync(afterId, limit, context.RequestAborted);
        return page.Found
            ? Results.Json(new PeoplePageAnswer
            {
                People =
                [
                    .. page.People.Select(person => new DirectoryPerson
                    {
                        UserId = person.UserId.Value,
                        Name = person.Name,
                        Role = person.Role.ToWire(),
                        Active = person.Active,
                    }),
                ],
                Next = page.More ? page.People[^1].UserId.Value : null,
            })
            : HttpRefusals.NotFound();
    }

    private static async Task<IResult> PutPeopleAsync(
        PutPeopleRequest request, HttpContext context, IGrainLink grains, IOptions<DirectoryOptions> options)
    {
        if (request.People is not { Count: <= PutPeople.PeopleMax } asked)
        {
            return HttpRefusals.Invalid("people", $"people must have 0 to {PutPeople.PeopleMax} entries.");
        }

        var people = ImmutableArray.CreateBuilder<Person>(asked.Count);
        var seen = new HashSet<UserId>();
        for (var index = 0; index < asked.Count; index++)
        {
            var (person, invalid) = PersonOf(asked[index], index, seen, options.Value.NameScalarsMax);
            if (person is null)
            {
                return invalid!;
            }

            people.Add(person);
        }

        var service = context.Service();
        var put = await Directory(grains, service).PutPeopleAsync(
            new PutPeople { Actor = service.Service, People = people.MoveToImmutable() }, context.RequestAborted);
        return put.Refusal is null
            ? Results.Json(new PutPeopleAnswer { Added = put.Added, Changed = put.Changed })
            : HttpRefusals.Invalid("people", "A value is out of its bounds.");
    }

    private static (Person? Person, IResult? Invalid) PersonOf(PutPerson? asked, int index, HashSet<UserId> seen, int nameScalarsMax)
    {
        if (asked is null || !UserId.TryParse(asked.UserId, out var user))
        {
            return Invalid("userId", $"must have 1 to {UserId.CharsMax} characters, without control characters");
        }

        if (!seen.Add(user))
        {
            return Invalid("userId", "is there twice");
        }

        if (WireMapping.RoleOf(asked.Role) is not { } role)
        {
            return Invalid("role", "must be agent, supervisor, admin or owner");
        }

        return PersonRules.Create(asked.UserId, asked.Name, role, nameScalarsMax) is { } person
            ? (person with { Active = asked.Active ?? true }, null)
            : Invalid("name", $"must have 1 to {nameScalarsMax} scalars, without control characters and lone surrogates");

        (Person?, IResult?) Invalid(string field, string reason) =>
            (null, HttpRefusals.Invalid(field, $"people[{index}].{field} {reason}. Nobody was changed.", index));
    }

    private static (TenantPolicy? Policy, IResult? Invalid) PolicyOf(PolicyRequest request)
    {
        var sets = new ChatPermissions?[4];
        (string Role, IReadOnlyList<string?>? Names)[] asked =
        [
            ("agent", request.Permissions?.Agent), ("supervisor", request.Permissions?.Supervisor),
            ("admin", request.Permissions?.Admin), ("owner", request.Permissions?.Owner),
        ];
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i].Names is { } names && (sets[i] = PermissionNames.Parse(names)) is null)
            {
                return (null, HttpRefusals.Invalid($"permissions.{asked[i].Role}", $"Permissions are {string.Join(", ", PermissionNames.All)}."));
            }
        }

        if (request.EditWindowSeconds is { } seconds && (seconds < 0 || seconds > (long)TenantPolicyRules.EditWindowMax.TotalSeconds))
        {
            return (null, HttpRefusals.Invalid("editWindowSeconds", $"editWindowSeconds must be 0 to {(long)TenantPolicyRules.EditWindowMax.TotalSeconds}."));
        }

        if (request.RetentionDays is { } days && !TenantPolicyRules.IsRetention(days))
        {
            return (null, HttpRefusals.Invalid("retentionDays", $"retentionDays must be 1 to {TenantPolicyRules.RetentionDaysMax}."));
        }

        var (origins, invalid) = OriginsOf(request.FrameOrigins ?? []);
        return origins is null
            ? (null, invalid)
            : (new TenantPolicy
            {
                Version = 0,
                Agent = sets[0],
                Supervisor = sets[1],
                Admin = sets[2],
                Owner = sets[3],
                ProvisionUnknown = request.ProvisionUnknown ?? TenantPolicy.Default.ProvisionUnknown,
                EditWindow = request.EditWindowSeconds is { } window ? TimeSpan.FromSeconds(window) : null,
                ShowVersions = request.ShowVersions ?? TenantPolicy.Default.ShowVersions,
                RetentionDays = request.RetentionDays,
                FrameOrigins = origins,
            },
            null);
    }

    private static (FrameOrigins? Origins, IResult? Invalid) OriginsOf(IReadOnlyList<string?> asked)
    {
        if (asked.Count > FrameOriginRules.CountMax)
        {
            return (null, HttpRefusals.Invalid("frameOrigins", $"frameOrigins must have 0 to {FrameOriginRules.CountMax} entries."));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < asked.Count; index++)
        {
            if (!FrameOriginRules.IsOrigin(asked[index]))
            {
                return Invalid(index, $"must be an origin as browsers write it, of at most {FrameOriginRules.CharsMax} characters: https://desk.example.com, with a "
                    + "port if it is not 443; in small ASCII letters, without path, wildcard or slash at the end; http for localhost and 127.0.0.1 alone");
            }

            if (!seen.Add(asked[index]!))
            {
                return Invalid(index, "is there twice");
            }
        }

        return (new FrameOrigins { Origins = [.. asked.Select(origin => origin!)] }, null);

        static (FrameOrigins?, IResult?) Invalid(int index, string reason) =>
            (null, HttpRefusals.Invalid("frameOrigins", $"frameOrigins[{index}] {reason}.", index));
    }

    private static PolicyAnswer Answer(TenantId tenant, TenantPolicy policy) => new()
    {
        Tenant = tenant.Value,
        Version = policy.Version,
        Permissions = new PolicyPermissions
        {
            Agent = policy.PermissionsOf(Role.Agent).ToWire(),
            Supervisor = policy.PermissionsOf(Role.Supervisor).ToWire(),
            Admin = policy.PermissionsOf(Role.Admin).ToWire(),
            Owner = policy.PermissionsOf(Role.Owner).ToWire(),
        },
        ProvisionUnknown = policy.ProvisionUnknown,
        EditWindowSeconds = (long?)policy.EditWindow?.TotalSeconds,
        ShowVersions = policy.ShowVersions,
        RetentionDays = policy.RetentionDays,
        FrameOrigins = policy.FrameOrigins.Origins,
    };

    private static IDirectoryGrain Directory(IGrainLink grains, ServiceCaller service) =>
        grains.Client.GetGrain<IDirectoryGrain>(new TenantKey(service.TenantId).ToString());
}
