using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
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

        var secure = builder.Environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = context =>
                BearerHandler.IsUsedBy(context.Request) ? BearerHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddCookie(options =>
            {
                options.Cookie.Name = builder.Environment.IsDevelopment() ? "chat" : "__Host-chat";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = secure;
                options.SlidingExpiration = false;
                options.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = Answer(StatusCodes.Status403Forbidden);
            });
    }

    private static Func<RedirectContext<CookieAuthenticationOptions>, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
