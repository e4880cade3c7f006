using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Embedding;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Http;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;
using OrleansChat.Hosting;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Hosting;

/// <summary>Composes the gateway: engine, callers, sessions, fan-out, hub, HTTP.</summary>
internal static class GatewayHost
{
    /// <summary>Where keys that sign cookies are kept, so that a restart signs nobody out (setting <c>KeysPath</c>).</summary>
    private const string KeysPathDefault = "data/keys";

    /// <summary>What stopping may take besides ending the sessions.</summary>
    private static readonly TimeSpan RestOfShutdown = TimeSpan.FromSeconds(20);

    private const string ServiceName = "orleans-chat-gateway";

    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        RequireUnicodeNormalization();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        ChatEngine.AddEngine(builder);
        AddGateway(builder);
        configure?.Invoke(builder); // Last, so that it can replace a service.
        var app = builder.Build();
        UseGateway(app);
        return app;
    }

    private static void AddGateway(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddChatTelemetry(ServiceName);
        services.AddSingleton<GatewayInstruments>();
        var keys = Directory.CreateDirectory(Path.GetFullPath(builder.Configuration["KeysPath"] ?? KeysPathDefault));
        if (!OperatingSystem.IsWindows())
        {
            keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        services.AddDataProtection().SetApplicationName("orleans-chat").PersistKeysToFileSystem(keys);
        services.AddOptions<JsonOptions>().Configure<IOptions<SocketOptions>>((json, sockets) =>
            WireJson.Configure(json.SerializerOptions, sockets.Value.JsonDepthMax));
        services.AddOpenApi();
        builder.AddCallers();

        services.AddBoundedOptions<SocketOptions>(SocketOptions.Section);
        services.AddBoundedOptions<CallLimitOptions>(CallLimitOptions.Section);
        services.AddBoundedOptions<FanoutOptions>(FanoutOptions.Section);
        services.AddBoundedOptions<DirectoryOptions>(DirectoryOptions.Section);
        services.AddSingleton<CallRates>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<PanelFrames>();
        services.AddSingleton<TenantFeeds>();
        services.AddSingleton<PresenceReporter>();
        services.AddSingleton<HubLifetimeManager<ChatHub>, SessionLifetime>();
        services.AddHostedService<RepairLoop>();
        services.AddHostedService<PresenceLoop>();
        services.AddHostedService<SessionCloser>();
        services.AddHostedService<SessionDrain>();
        services.AddOptions<HostOptions>().Configure<IOptions<SocketOptions>>((host, sockets) =>
            host.ShutdownTimeout = SessionDrain.LongestOf(sockets.Value) + RestOfShutdown);
        services.AddSignalR().AddHubOptions<ChatHub>(options => options.AddFilter<CallFilter>());
        services.AddSingleton<IHubProtocol, BoundedJsonProtocol>(); // In place of the one that AddSignalR adds: the last of a name counts.
        services.AddSingleton<CallFilter>();
        services.AddSingleton<IConfigureOptions<HubOptions<ChatHub>>, SessionSettings>();
        services.AddSingleton<IConfigureOptions<JsonHubProtocolOptions>, SessionSettings>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, SessionSettings>();
        services.AddHealthChecks().AddCheck<ReadyCheck>(ReadyCheck.Name, HealthStatus.Unhealthy, [], TimeSpan.FromSeconds(5));
    }

    private static void UseGateway(WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        app.UseStoreUnavailable();
        app.UsePanels();
        app.UseWebSockets();
        app.UseAuthentication();
        app.Use(next => context => context.RequestServices.GetRequiredService<HubAdmission>().InvokeAsync(context, next));
        app.MapHealthChecks("/health/live", new() { Predicate = static _ => false });
        app.MapHealthChecks("/health/ready");
        app.UseCors();
        app.UseAuthorization();
        app.UseBodyBound();
        app.MapOpenApi();
        app.MapSession();
        app.MapEmbedding();
        app.MapProvisioning();
        app.MapAudit();
        app.MapExport();
        app.MapRetention();
        app.MapDevelopment();
        var settings = app.Services.GetRequiredService<IOptions<SocketOptions>>();
        app.MapHub<ChatHub>(HubAdmission.Path, options => SessionSettings.Configure(options, settings.Value));
        app.MapWebClient();
    }

    /// <summary>Texts are compared and stored in NFC; without ICU .NET would silently leave them as they are.</summary>
    private static void RequireUnicodeNormalization()
    {
        if ("e\u0301".Normalize(NormalizationForm.FormC).Length != 1)
        {
            throw new PlatformNotSupportedException("Unicode normalization does not work: install ICU (package libicu) and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.");
        }
    }
}
