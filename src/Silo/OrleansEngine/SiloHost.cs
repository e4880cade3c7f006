using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Composes a silo: cluster, store, grains, health.</summary>
internal static class SiloHost
{
    private const string ServiceName = "orleans-chat-silo";

    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var cluster = ClusterSettings.Read(builder.Configuration);
        var silo = ReadSilo(builder.Configuration, cluster);
        var services = builder.Services;
        services.AddSingleton(silo);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DatabaseCheck(cluster));
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseCheck>()); // Before anything else touches the database.
        services.AddHostedService<EndpointCheck>();
        services.AddChatStore(StoreOf(builder.Configuration));
        services.AddChatGrains();
        services.AddRetention();
        services.AddChatTelemetry(ServiceName);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = silo.ShutdownTimeout);
        builder.UseOrleans(orleans => SiloConfiguration.Apply(orleans, silo, cluster));
        services.AddHostedService<CanaryPublisher>();
        if (builder.Environment.IsDevelopment())
        {
            services.AddDemoSeeding();
        }

        services.AddHealthChecks().AddCheck<SiloReadyCheck>(SiloReadyCheck.Name, HealthStatus.Unhealthy, [], TimeSpan.FromSeconds(5));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapHealthChecks("/health/live", new() { Predicate = static _ => false });
        app.MapHealthChecks("/health/ready");
        return app;
    }

    internal static string NameOf(WebApplication app) => app.Services.GetRequiredService<ChatSiloOptions>().Name!;

    private static ChatSiloOptions ReadSilo(ConfigurationManager configuration, ClusterSettings cluster)
    {
        ChatSiloOptions silo;
        try
        {
            silo = configuration.GetSection(ChatSiloOptions.Section).Get<ChatSiloOptions>() ?? new ChatSiloOptions();
        }
        catch (InvalidOperationException exception)
        {
            throw new StartException(exception.Message, exception); // Names the setting and its value.
        }

        var bounds = new BoundsValidator<ChatSiloOptions>(ChatSiloOptions.Section).Validate(null, silo);
        if (bounds.Failed)
        {
            throw new StartException(bounds.FailureMessage);
        }

        if (!IPAddress.TryParse(silo.Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            throw new StartException($"{ChatSiloOptions.Section}:Address is '{silo.Address}'; it must be the IP address at which others reach this silo.");
        }

        if (silo.Port == silo.GatewayPort)
        {
            throw new StartException($"{ChatSiloOptions.Section}:GatewayPort is {silo.GatewayPort} like {ChatSiloOptions.Section}:Port; they must differ.");
        }

        cluster.RequirePrivateOrTls($"{ChatSiloOptions.Section}:Address", address);
        silo.Name ??= string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{silo.Port}");
        return silo;
    }

    /// <summary>The store; its tables are made by the command <c>migrate</c>, so that serving needs no right to make any.</summary>
    internal static PostgresStoreOptions StoreOf(ConfigurationManager configuration) =>
        StoreConfiguration.Read(configuration, exclusive: false) is PostgresStoreOptions postgres
            ? postgres with { Migrate = false }
            : throw new StartException("Store:Provider is 'Sqlite'; a silo needs Postgres, which the whole cluster shares.");
}
