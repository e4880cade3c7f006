using Microsoft.AspNetCore.Http.Features;

namespace OrleansChat.Gateway.Http;

/// <summary>
/// A body that is said to be longer than the route takes is answered with what it takes. The server would end the connection
/// while the body is still sent, and the sender would often read of a broken connection in the place of that answer.
/// </summary>
internal static class BodyBound
{
    /// <summary>
    /// So many bytes beyond the bound are read and dropped, for 5 s at the most (Kestrel), so that the sender hears the answer.
    /// The connection of whoever sends more, asks before sending, or has not signed in, is ended.
    /// </summary>
    internal const int HeardBytesMax = 16 * 1024 * 1024;

    /// <summary>Behind authentication and authorisation: those come first, also for who sends too much.</summary>
    internal static void UseBodyBound(this WebApplication app) => app.Use(next => context =>
        context.Request.ContentLength is { } length
        && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: { } max } bound
        && length > max
            ? RefuseAsync(context, bound, length, max)
            : next(context));

    private static Task RefuseAsync(HttpContext context, IHttpMaxRequestBodySizeFeature bound, long length, long max)
    {
        // Who asks before sending (RFC 9110, 10.1.1) sends nothing after this answer: there is nothing to read.
        if (context.User.Identity?.IsAuthenticated == true && length - max <= HeardBytesMax && context.Request.Headers.Expect.Count == 0)
        {
            bound.MaxRequestBodySize = length;
        }
        else if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return HttpRefusals.TooLarge(max).ExecuteAsync(context);
    }
}
