using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Http;

/// <summary>What every answer tells the browser not to do (S9). Nothing may be shown in a frame, unless the request has <see cref="FrameOrigins"/>.</summary>
internal static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; frame-ancestors ";

    private const string NobodysFrame = ContentSecurityPolicy + "'none'";

    internal static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        // When the answer starts: whatever made it may have cleared what was set before.
        app.Use(static (context, next) =>
        {
            context.Response.OnStarting(SetHeaders, context);
            return next(context);
        });

        static Task SetHeaders(object state)
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = context.Features.Get<FrameOrigins>() is { Origins.IsEmpty: false } origins ? ContentSecurityPolicy + origins : NobodysFrame;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            return Task.CompletedTask;
        }
    }
}
