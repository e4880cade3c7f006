using Microsoft.AspNetCore.StaticFiles;
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
            OnPrepareResponse = static served => SetHeaders(served),
        });
        app.MapFallbackToFile("{*path:nonfile:regex(^(?!api/|hub$|health/).*$)}", Page, new StaticFileOptions
        {
            OnPrepareResponse = static served => SetHeaders(served),
        }).WithMetadata(new FramedPage());
    }

    private static void SetHeaders(StaticFileResponseContext served)
    {
        var (context, headers) = (served.Context, served.Context.Response.Headers);
        var ownPage = Panel.Of(context) is null;
        headers[HeaderNames.CacheControl] = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : ownPage ? "no-cache" : "no-store"; // Not even the headers of a page whose frames may change.
        if (ownPage && served.File.Name == Page)
        {
            // Who is signed in is the page's first question: browsers ask it while they load the script. A panel asks its host first.
            headers[HeaderNames.Link] = $"<{SessionEndpoints.Path}>; rel=preload; as=fetch; crossorigin";
        }
    }
}
