using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OrleansChat.Gateway.Callers;

namespace OrleansChat.Gateway.Embedding;

/// <summary>
/// The cookie of a panel: one that browsers send from within a page of another site too, but keep apart for each such site
/// (<c>SameSite=None; Secure; Partitioned</c>). It counts for requests of this gateway's own pages below <c>/embed/{tenant}</c> of its
/// tenant alone; there, the cookie of the chat's own page counts for nothing.
/// </summary>
internal static class PanelCookie
{
    internal const string Scheme = "Panel";

    internal static AuthenticationBuilder AddPanelCookie(this AuthenticationBuilder authentication, bool isDevelopment, Action<CookieAuthenticationOptions> configure) =>
        authentication.AddCookie(Scheme, options =>
        {
            configure(options);
            // From http://localhost browsers take what is Secure; not all of them take the prefix.
            options.Cookie.Name = isDevelopment ? "chat-panel" : "__Host-chat-panel";
            options.Cookie.Path = "/";
            options.Cookie.SameSite = SameSiteMode.None;
            options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            options.Cookie.Extensions.Add("Partitioned");
            options.CookieManager = new OnePerTenant();
            options.Events.OnValidatePrincipal = ValidateAsync;
        });

    private static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var origins = context.HttpContext.RequestServices.GetRequiredService<OriginPolicy>();
        if (context.Principal is not { } principal
            || Panel.Of(context.HttpContext) is not { } panel
            || CallerClaims.Read(principal)?.Tenant != panel.TenantId
            || !origins.IsOwnPage(context.Request))
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }

    /// <summary>Panels of two tenants in one browser do not sign each other out.</summary>
    private sealed class OnePerTenant : ICookieManager
    {
        private readonly ChunkingCookieManager _cookies = new();

        public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, NameOf(context, key), options);

        /// <summary>Tenants may have characters that names of cookies may not.</summary>
        private static string NameOf(HttpContext context, string key) => Panel.Of(context) is { } panel
            ? $"{key}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(panel.TenantId.Value)))[..16]}"
            : key;
    }
}
