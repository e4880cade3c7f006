using OrleansChat.Gateway.Callers;
using OrleansChat.Identity;

namespace OrleansChat.Gateway.Embedding;

/// <summary>
/// One tenant's chat as a panel in the helpdesk's own page: the gateway's routes once more, below <c>/embed/{tenant}</c>. What comes in
/// there is known by the panel's cookie alone, never by that of the chat's own page, and is of that tenant or nobody.
/// </summary>
internal sealed record Panel(TenantId TenantId)
{
    private const string Prefix = "/embed";

    /// <summary>The panel that a request belongs to; null for one of the chat's own page, or of no page.</summary>
    internal static Panel? Of(HttpContext context) => context.Features.Get<Panel>();

    /// <summary>Takes a panel's prefix off the path, as a path base, so that every route is there for panels too.</summary>
    internal static void Enter(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest) || rest.Value is not { Length: > 1 } path)
        {
            return;
        }

        var end = path.IndexOf('/', 1);
        var segment = end < 0 ? path : path[..end];
        if (TenantId.TryParse(segment[1..].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out var tenant)) // All but the slash has been decoded.
        {
            request.PathBase = request.PathBase.Add(Prefix + segment);
            request.Path = end < 0 ? "/" : path[end..];
            context.Features.Set(new Panel(tenant));
        }
    }
}

/// <summary>What is so of everything below <c>/embed/{tenant}</c>.</summary>
internal static class Panels
{
    /// <summary>Before anything that looks at the path.</summary>
    internal static void UsePanels(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            Panel.Enter(context);
            return next(context);
        });
        app.UseRouting(); // Not by itself at the very beginning, where the path is still the panel's.
        app.Use(ForOwnPagesAsync);
        app.Use(WithFrameOriginsAsync);
    }

    /// <summary>
    /// A panel's cookie goes along with requests of other pages too (<c>SameSite=None</c>): what changes something, and the hub, is for
    /// pages of this gateway alone, whatever else the request has to show (S6).
    /// </summary>
    private static Task ForOwnPagesAsync(HttpContext context, RequestDelegate next)
    {
        if (Panel.Of(context) is null || OnlyReads(context.Request) || context.RequestServices.GetRequiredService<OriginPolicy>().IsOwnPage(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool OnlyReads(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && !request.Path.StartsWithSegments(HubAdmission.Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>The page of a panel, and nothing else, may be shown in a frame, by the pages that the tenant named (S9).</summary>
    private static async Task WithFrameOriginsAsync(HttpContext context, RequestDelegate next)
    {
        if (Panel.Of(context) is { } panel && IsPage(context))
        {
            if (await context.RequestServices.GetRequiredService<PanelFrames>().FindAsync(panel.TenantId, context) is not { } origins)
            {
                return;
            }

            context.Features.Set(origins);
        }

        await next(context);
    }

    /// <summary>At the root the page is a file; elsewhere, what everything falls back to that is nothing else.</summary>
    private static bool IsPage(HttpContext context) => context.Request.Path == "/" || context.GetEndpoint()?.Metadata.GetMetadata<FramedPage>() is not null;
}

/// <summary>Marks the endpoint of the page that panels show.</summary>
internal sealed class FramedPage;
