using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Embedding;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Callers;

internal static class CallersServices
{
    private const string Scheme = "Chat";

    /// <summary>Cookie for browsers, bearer header for others; tokens of the helpdesk behind both.</summary>
    internal static void AddCallers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddBoundedOptions<TokenOptions>(TokenOptions.Section);
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        services.AddOptions<OriginOptions>().BindConfiguration(OriginOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>();
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        // The helpdesk's page signs its user in from its own origin: exactly the allowed ones may, with the cookie.
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<OriginPolicy>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origins.IsAllowed)
            .AllowCredentials()
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
            .WithHeaders("Authorization", "Content-Type")));
        services.AddHttpClient(TokenKeys.HttpClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(5);
            client.MaxResponseContentBufferSize = 256 * 1024;
        });
        services.AddSingleton<TokenKeys>();
        services.AddSingleton<HelpdeskTokens>();
        services.AddSingleton<OriginPolicy>();
        services.AddSingleton<Admissions>();
        services.AddSingleton<HubAdmission>();
        services.AddRouteAccess();

        var isDevelopment = builder.Environment.IsDevelopment();
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = context =>
                BearerHandler.IsUsedBy(context.Request) ? BearerHandler.SchemeName : CookieScheme(context))
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddCookie(options =>
            {
                Configure(options);
                options.Cookie.Name = isDevelopment ? "chat" : "__Host-chat";
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            })
            .AddPanelCookie(isDevelopment, Configure);
    }

    /// <summary>Which cookie counts for a request: the panel's in a panel, else that of the chat's own page.</summary>
    internal static string CookieScheme(HttpContext context) => Panel.Of(context) is null ? CookieAuthenticationDefaults.AuthenticationScheme : PanelCookie.Scheme;

    /// <summary>What all cookies have in common.</summary>
    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.HttpOnly = true;
        options.SlidingExpiration = false;
        options.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = Answer(StatusCodes.Status403Forbidden);
    }

    private static Func<RedirectContext<CookieAuthenticationOptions>, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
