using OrleansChat.Conversations;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Http;

/// <summary>How long conversations are kept (docs/protocol.md, Retention; rule R5).</summary>
internal static class RetentionEndpoints
{
    private const int PageMax = 200;

    internal static void MapRetention(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/retention").ForPeopleWith(ChatPermissions.Retention).AddEndpointFilter<AllowedOriginFilter>().WithTags("retention");
        group.MapPut("/conversations/{id}", SetAsync)
            .Produces<ConversationRetentionBody>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest).Produces<HttpRefusal>(StatusCodes.Status413PayloadTooLarge).Produces<HttpRefusal>(StatusCodes.Status404NotFound);
        group.MapGet("/preview", PreviewAsync)
            .Produces<RetentionPreviewAnswer>().Produces<HttpRefusal>(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> SetAsync(string id, ConversationRetentionBody request, HttpContext context, IGrainLink grains)
    {
        if (request.Days is { } days && !TenantPolicyRules.IsRetention(days))
        {
            return HttpRefusals.Invalid("days", $"days must be 1 to {TenantPolicyRules.RetentionDaysMax}.");
        }

        if (!ConversationId.TryParse(OfPath(id), out var conversation))
        {
            return HttpRefusals.NotFound();
        }

        var caller = context.Person().Caller;
        var retention = new ConversationRetention { Days = request.Days, LegalHold = request.LegalHold ?? false };
        var set = await grains.Client.GetGrain<IConversationGrain>(new ConversationKey(caller.TenantId, conversation).ToString())
            .SetRetentionAsync(new SetRetention { Caller = caller, Retention = retention }, context.RequestAborted);
        return set.Refusal is not { } refusal
            ? Results.Json(new ConversationRetentionBody { Days = retention.Days, LegalHold = retention.LegalHold })
            : refusal switch
            {
                SetRetentionRefusal.NotFound => HttpRefusals.NotFound(),
                SetRetentionRefusal.Invalid => HttpRefusals.Invalid("days", "days is out of its bounds."),
                SetRetentionRefusal.Unavailable => throw new StoreUnavailableException("The conversation does not answer."),
            };
    }

    /// <summary>The slash that ends an id's prefix stays encoded in a path; everything else of it has been decoded.</summary>
    private static string OfPath(string id)
    {
        var slash = id.IndexOf("%2F", StringComparison.OrdinalIgnoreCase);
        return slash < 0 ? id : string.Concat(id.AsSpan(0, slash), "/", id.AsSpan(slash + 3));
    }

    private static async Task<IResult> PreviewAsync(HttpContext context, IGrainLink grains, string? after = null, int limit = PageMax)
    {
        ConversationId? afterId = null;
        if (after is not null)
        {
            if (!ConversationId.TryParse(after, out var id))
            {
                return HttpRefusals.Invalid("after", "after is not the next of a page before.");
            }

            afterId = id;
        }

        if (limit is < 1 or > PageMax)
        {
            return HttpRefusals.Invalid("limit", $"limit must be 1 to {PageMax}.");
        }

        var caller = context.Person().Caller;
        var preview = await grains.Client.GetGrain<IRetentionGrain>(new TenantKey(caller.TenantId).ToString())
            .PreviewAsync(caller, afterId, limit, context.RequestAborted);
        return Results.Json(new RetentionPreviewAnswer
        {
            Conversations =
            [
                .. preview.Conversations.Select(conversation => new ExpiringAnswer
                {
                    ConversationId = conversation.ConversationId.Value,
                    Days = conversation.Days,
                    Messages = conversation.Messages,
                }),
            ],
            Next = preview.Next?.Value,
        });
    }
}
