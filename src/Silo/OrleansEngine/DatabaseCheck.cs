using OrleansChat.Grains.MessageLog.Postgres;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Refuses to start on a database that lacks the cluster's tables, before Orleans would fail with a stack.</summary>
internal sealed class DatabaseCheck(ClusterSettings cluster) : HostedLifecycle
{
    public override Task StartingAsync(CancellationToken cancellationToken) => PostgresSchema.CheckAsync(
        cluster.ConnectionString, ClusterSettings.ConnectionStringOption, PostgresSchemas.Cluster, cancellationToken);
}
