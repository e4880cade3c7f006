using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Hosting;
using OrleansChat.Load.Servers;

namespace OrleansChat.Load.Hosting;

/// <summary>With Orleans the grains of a running cluster are driven through an Orleans client, without gateways and sockets.</summary>
internal static class LoadEngine
{
    internal const string GrainsAreWhere = "grains of the cluster";

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(7);

    /// <summary>Adds what makes <see cref="IClusterClient"/> reach the grains on this store.</summary>
    /// <exception cref="LoadException">The store belongs to no cluster.</exception>
    internal static void AddGrains(HostApplicationBuilder builder, LoadStore store)
    {
        if (!store.IsOfCluster || store.Options is not PostgresStoreOptions postgres)
        {
            throw new LoadException("This tool, built with -p:Engine=Orleans, drives the grains of a running cluster: name its database with --cluster.");
        }

        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (ClusterSettings.Invariant, postgres.ConnectionString));
            var ids = new ClusterSettings();
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (store.ClusterId ?? ids.ClusterId, ids.ServiceId));
            client.Configure<ClientMessagingOptions>(options =>
            {
                options.ResponseTimeout = ResponseTimeout;
                options.CancelRequestOnTimeout = true;
            });
        });
    }
}
