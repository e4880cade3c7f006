using OrleansChat.Gateway.Http;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Embedding;

/// <summary>What the page of a panel asks before it talks to the page around it (docs/protocol.md, Panel).</summary>
internal static class EmbeddingEndpoints
{
    internal static void MapEmbedding(this IEndpointRouteBuilder routes) => routes.MapGet("/api/embedding", ReadAsync)
        .Produces<EmbeddingAnswer>().Produces<HttpRefusal>(StatusCodes.Status404NotFound).WithTags("embedding");

    private static async Task<IResult> ReadAsync(HttpContext context, PanelFrames frames)
    {
        if (Panel.Of(context) is not { } panel)
        {
            return HttpRefusals.NotFound();
        }

        return await frames.FindAsync(panel.TenantId, context) is { } origins
            ? Results.Json(new EmbeddingAnswer { FrameOrigins = origins.Origins })
            : Results.Empty;
    }
}
