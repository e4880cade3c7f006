using Orleans.Configuration;
using OrleansChat.Hosting;

namespace OrleansChat.Gateway.Hosting;

/// <summary>How a client finds the silos.</summary>
internal sealed class ClusterEntrance
{
    /// <summary>How often the list of silos is read again: a silo that joined is used, one that left is not.</summary>
    private static readonly TimeSpan SilosRefreshPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Makes a client find the silos.</summary>
    internal required Action<IClientBuilder> Join { get; init; }

    /// <summary>Refuses what cannot be used.</summary>
    internal required Func<CancellationToken, Task> CheckAsync { get; init; }

    /// <summary>By the cluster's membership in its database.</summary>
    internal static ClusterEntrance Through(ClusterSettings cluster)
    {
        var tls = cluster.Tls.Enabled ? new ClusterTls(cluster.Tls) : null;
        return new ClusterEntrance
        {
            CheckAsync = cancellationToken => ClusterDatabase.CheckAsync(cluster, cancellationToken),
            Join = client =>
            {
                client.UseAdoNetClustering(clustering =>
                {
                    clustering.Invariant = ClusterSettings.Invariant;
                    clustering.ConnectionString = cluster.ConnectionString;
                });
                client.Configure<ClusterOptions>(ids => (ids.ClusterId, ids.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
                client.Configure<GatewayOptions>(silos => silos.GatewayListRefreshPeriod = SilosRefreshPeriod);
                if (tls is not null)
                {
                    client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(tls.UseClient));
                }
            },
        };
    }
}
