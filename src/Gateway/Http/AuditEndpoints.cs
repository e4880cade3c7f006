using System.Text.Json;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Gateway.Http;

/// <summary>The audit, and readings of conversations that it states (docs/protocol.md, Audit; rule R4).</summary>
internal static class AuditEndpoints
{
    private const int PageDefault = 50;
    private const int PageMax = 200;

    internal static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api").ForPeopleWith(ChatPermissions.AuditRead).AddEndpointFilter<AllowedOriginFilter>().WithTags("audit");
        group.MapGet("/audit", ReadPageAsync)
            .Produces<AuditPageAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest);
        group.MapPost("/audit/readings", OpenReadingAsync)
            .Produces<OpenReadingAnswer>(StatusCodes.Status201Created).Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status413PayloadTooLarge).Produces<HttpRefusal>(StatusCodes.Status404NotFound);
        group.MapGet("/audit/readings/{id}/messages", ReadMessagesAsync)
            .Produces<ReadingPageAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ReadPageAsync(HttpContext context, IGrainLink grains, string? before = null, int limit = PageDefault)
    {
        Guid? beforeId = null;
        if (before is not null)
        {
            if (!Guid.TryParse(before, out var id))
            {
                return HttpRefusals.Invalid("before", "before is not the next of a page before.");
            }

            beforeId = id;
        }

        if (limit is < 1 or > PageMax)
        {
            return HttpRefusals.Invalid("limit", $"limit must be 1 to {PageMax}.");
        }

        var caller = context.Person().Caller;
        var entries = await Audit(grains, caller).PageAsync(caller, beforeId, limit, context.RequestAborted);
        return Results.Json(new AuditPageAnswer
        {
            Entries =
            [
                .. entries.Select(entry => new AuditEntryAnswer
                {
                    Id = entry.Id,
                    At = entry.At,
                    ActorId = entry.ActorId.Value,
                    Action = entry.Action,
                    ConversationId = entry.ConversationId?.Value,
                    Details = JsonElement.Parse(entry.Details),
                }),
            ],
            Next = entries.Length == limit ? entries[^1].Id : null,
        });
    }

    private static async Task<IResult> OpenReadingAsync(OpenReadingRequest request, HttpContext context, IGrainLink grains)
    {
        if (TextRules.Name(request.Reason ?? string.Empty, OpenReading.ReasonScalarsMax) is not { } reason)
        {
            return HttpRefusals.Invalid("reason", $"reason must have 1 to {OpenReading.ReasonScalarsMax} scalars on one line.");
        }

        if (request.Minutes is not { } minutes || minutes is < 1 or > OpenReading.MinutesMax)
        {
            return HttpRefusals.Invalid("minutes", $"minutes must be 1 to {OpenReading.MinutesMax}.");
        }

        if (!ConversationId.TryParse(request.ConversationId, out var conversation))
        {
            return HttpRefusals.NotFound();
        }

        var caller = context.Person().Caller;
        var reading = await Audit(grains, caller).OpenReadingAsync(
            new OpenReading { Caller = caller, ConversationId = conversation, Reason = reason, Minutes = minutes }, context.RequestAborted);
        return reading is null
            ? HttpRefusals.NotFound()
            : Results.Json(new OpenReadingAnswer { Id = reading.Id, Until = reading.Until }, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadMessagesAsync(string id, HttpContext context, IGrainLink grains, string? after = null)
    {
        ArchivePosition? position = null;
        if (after is not null && !ArchivePosition.TryParse(after, out position))
        {
            return HttpRefusals.Invalid("after", "after is not the next of a page before.");
        }

        var caller = context.Person().Caller;
        var page = Guid.TryParse(id, out var reading)
            ? await Audit(grains, caller).ReadAsync(caller, reading, position, context.RequestAborted)
            : null;
        return page is null
            ? HttpRefusals.NotFound()
            : Results.Json(new ReadingPageAnswer { Entries = [.. page.Lines.Select(line => JsonElement.Parse(line))], Next = page.Next?.ToString() });
    }

    private static IAuditGrain Audit(IGrainLink grains, Caller caller) =>
        grains.Client.GetGrain<IAuditGrain>(new TenantKey(caller.TenantId).ToString());
}
