using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace OrleansChat.Gateway.Http;

/// <summary>
/// Serves an asset as it was compressed when the client was built (<c>.br</c> or <c>.gz</c> beside it) to whoever accepts that. The
/// same for everybody and without a secret in it, so that its length tells nothing. Nothing is compressed while people wait.
/// </summary>
internal static class CompressedAssets
{
    private static readonly (string Coding, string Extension)[] Codings = [("br", ".br"), ("gzip", ".gz")];

    private static readonly FileExtensionContentTypeProvider Plain = new();

    /// <summary>Knows compressed files, too; what they are is said by what was asked for.</summary>
    internal static FileExtensionContentTypeProvider Types { get; } = new(new Dictionary<string, string>(Plain.Mappings)
    {
        [".br"] = "application/octet-stream",
        [".gz"] = "application/gzip",
    });

    internal static void UseCompressedAssets(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal),
            assets => assets.Use((context, next) =>
            {
                context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
                return TakeCompressed(context, files) is { } coding ? ServeAsync(context, coding, next) : next(context);
            }));
    }

    /// <summary>Leads the request to the compressed file; the coding, or null when there is none that the reader takes.</summary>
    private static string? TakeCompressed(HttpContext context, IFileProvider files)
    {
        var path = context.Request.Path;
        if (!Plain.TryGetContentType(path.Value!, out _))
        {
            return null;
        }

        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        foreach (var (coding, extension) in Codings)
        {
            if (accepted.Any(each => each.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && each.Quality is not 0)
                && files.GetFileInfo(path + extension).Exists)
            {
                context.Request.Path = path + extension;
                return coding;
            }
        }

        return null;
    }

    private static async Task ServeAsync(HttpContext context, string coding, RequestDelegate next)
    {
        var compressed = context.Request.Path;
        var asked = compressed.Value![..compressed.Value!.LastIndexOf('.')];
        Plain.TryGetContentType(asked, out var type);
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent)
            {
                context.Response.Headers.ContentEncoding = coding;
                context.Response.ContentType = type;
            }

            return Task.CompletedTask;
        });
        await next(context);
    }
}
