using System.CommandLine;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Hosting;

/// <summary>With Orleans this process is a client of the cluster: it keeps nothing that another gateway could not take over.</summary>
internal static class ChatEngine
{
    /// <summary>None: what works on the store is a silo's to do.</summary>
    internal static void AddCommands(RootCommand root, string[] settings) => _ = (root, settings);

    /// <summary>Clients of a gateway that stops go to the others, not all at once.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);

    /// <summary>A silo refused a call because too much is waiting for the grain, or for the silo.</summary>
    internal static bool IsOverload(Exception exception) => exception is LimitExceededException or GatewayTooBusyException;

    internal static void AddEngine(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var cluster = ClusterSettings.Read(builder.Configuration);
        services.Configure<SocketOptions>(sockets => sockets.DrainTime = DrainTime); // The configuration, bound later, goes first.
        services.AddSingleton(ClusterEntrance.Through(cluster));
        services.AddBoundedOptions<StreamWatchOptions>(StreamWatchOptions.Section);
        services.AddSingleton<OrleansLink>();
        services.AddSingleton<IGrainLink>(provider => provider.GetRequiredService<OrleansLink>());
        services.AddHostedService(provider => provider.GetRequiredService<OrleansLink>());
        services.AddHostedService<StreamWatch>();
    }
}
