using Microsoft.Net.Http.Headers;
using OrleansChat.Gateway.Embedding;

namespace OrleansChat.Gateway.Http;

/// <summary>Serves the built web client: hashed assets for ever, the page itself never from a cache. Panels show the same page.</summary>
internal static class WebClient
{
    private const string Page = "index.html";

    internal static void MapWebClient(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseCompressedAssets();
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = CompressedAssets.Types,
            OnPrepareResponse = static served => SetCaching(served.Context),
        });
        app.MapFallbackToFile("{*path:nonfile:regex(^(?!api/|hub$|health/).*$)}", Page, new StaticFileOptions
        {
            OnPrepareResponse = static served => SetCaching(served.Context),
        }).WithMetadata(new FramedPage());
    }

    private static void SetCaching(HttpContext context) =>
        context.Response.Headers[HeaderNames.CacheControl] = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : Panel.Of(context) is null ? "no-cache" : "no-store"; // Not even the headers of a page whose frames may change.
}
