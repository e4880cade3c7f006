using System.Text;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Http;

/// <summary>All conversations of a tenant as lines of JSON (docs/protocol.md, Export; rule R6).</summary>
internal static class ExportEndpoints
{
    internal const string Path = "/api/export";

    private const string ContentType = "application/x-ndjson";

    /// <summary>Whether somebody may still export is asked again after this time: a large tenant's takes hours.</summary>
    private static readonly TimeSpan RecheckInterval = TimeSpan.FromSeconds(2);

    internal static void MapExport(this IEndpointRouteBuilder routes) => routes.MapGet(Path, ExportAsync)
        .ForPeopleWith(ChatPermissions.Export)
        .Produces<string>(StatusCodes.Status200OK, ContentType).Produces<HttpRefusal>(StatusCodes.Status400BadRequest).WithTags("export");

    private static async Task<IResult> ExportAsync(
        HttpContext context, IGrainLink grains, Admissions admissions, TimeProvider time, string? after = null)
    {
        ArchivePosition? position = null;
        if (after is not null && !ArchivePosition.TryParse(after, out position))
        {
            return HttpRefusals.Invalid("after", "after is not the cursor of a line.");
        }

        // The first part is read before anything is answered: a store that is away is still said by the status.
        var caller = context.Person().Caller;
        var key = new TenantKey(caller.TenantId).ToString();
        await grains.Client.GetGrain<IExportGrain>(key).StartAsync(caller, position, context.RequestAborted);
        var part = await grains.Client.GetGrain<IExportGrain>(key).NextAsync(caller, position, context.RequestAborted);
        var checkedAt = time.GetTimestamp();
        return Results.Stream(
            async body =>
            {
                while (true)
                {
                    if (time.GetElapsedTime(checkedAt) >= RecheckInterval)
                    {
                        if (await admissions.AdmitAsync(context, ChatPermissions.Export) is not { } admission)
                        {
                            context.Abort(); // Not an end: whoever reads must not take it for the whole.
                            return;
                        }

                        (caller, checkedAt) = (admission.Caller, time.GetTimestamp());
                    }

                    foreach (var line in part.Lines)
                    {
                        await body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), context.RequestAborted);
                    }

                    await body.FlushAsync(context.RequestAborted); // Whoever takes nothing is read nothing for.
                    if (part.Next is not { } next)
                    {
                        return;
                    }

                    part = await grains.Client.GetGrain<IExportGrain>(key).NextAsync(caller, next, context.RequestAborted);
                }
            },
            ContentType);
    }
}
