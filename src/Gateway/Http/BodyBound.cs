using Microsoft.AspNetCore.Http.Features;

namespace OrleansChat.Gateway.Http;

/// <summary>
/// A body that is said to be longer than the route takes is answered with what it takes. The server would end the connection
/// while the body is still sent, and the sender would often read of a broken connection in the place of that answer.
/// </summary>
internal static class BodyBound
{
    /// <summary>So many bytes are read and dropped for the sender to hear the answer, for 5 s at the most (Kestrel); the senders of more are cut off.</summary>
    internal const int HeardBytesMax = 16 * 1024 * 1024;

    /// <summary>Behind authorisation: nothing is read for whom the route does not serve.</summary>
    internal static void UseBodyBound(this WebApplication app) => app.Use(next => context =>
        context.Request.ContentLength is { } length
        && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: { } max } bound
        && length > max
            ? RefuseAsync(context, bound, length, max)
            : next(context));

    private static Task RefuseAsync(HttpContext context, IHttpMaxRequestBodySizeFeature bound, long length, long max)
    {
        if (length <= HeardBytesMax)
        {
            bound.MaxRequestBodySize = length;
        }

        return HttpRefusals.TooLarge(max).ExecuteAsync(context);
    }
}
