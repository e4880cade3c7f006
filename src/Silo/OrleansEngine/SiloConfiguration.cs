using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansChat.Grains.Hosting;
using OrleansChat.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Silo;

/// <summary>Orleans as the chat needs it: every queue has a bound, every wait an end (docs/operations.md, Settings of a silo).</summary>
internal static class SiloConfiguration
{
    private const string PubSubStore = "PubSubStore";

    /// <summary>Less than the gateway's deadline for a call (7 s), more than the store's for a statement (5 s).</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(6);

    /// <summary>A silo that stops tells gateways, and gives them this time to send elsewhere.</summary>
    private static readonly TimeSpan ClientsNoticeTime = TimeSpan.FromSeconds(1);

    internal static void Apply(ISiloBuilder silo, ChatSiloOptions options, ClusterSettings cluster)
    {
        Join(silo, options, cluster);
        Bound(silo, options);
        Watch(silo, options);
        Stream(silo, options, cluster);
        Keep(silo, GrainStates.Storage, cluster);
        silo.Services.AddSingleton<IFatalErrorHandler, EndAtOnce>();
    }

    private static void Join(ISiloBuilder silo, ChatSiloOptions options, ClusterSettings cluster)
    {
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = ClusterSettings.Invariant;
            clustering.ConnectionString = cluster.ConnectionString;
        });
        silo.Configure<ClusterOptions>(ids => (ids.ClusterId, ids.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.Configure<Orleans.Configuration.SiloOptions>(own => own.SiloName = options.Name!);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Parse(options.Address);
            endpoint.SiloPort = options.Port;
            endpoint.GatewayPort = options.GatewayPort;
        });
        if (cluster.Tls.Enabled)
        {
            var tls = new ClusterTls(cluster.Tls);
            silo.Configure<SiloConnectionOptions>(connections =>
            {
                connections.ConfigureSiloInboundConnection(tls.UseServer);
                connections.ConfigureGatewayInboundConnection(tls.UseServer);
                connections.ConfigureSiloOutboundConnection(tls.UseClient);
            });
        }
    }

    private static void Bound(ISiloBuilder silo, ChatSiloOptions options)
    {
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.CancelRequestOnTimeout = true;
            messaging.MaxEnqueuedRequestsSoftLimit = options.EnqueuedCallsWarning;
            messaging.MaxEnqueuedRequestsHardLimit = options.EnqueuedCallsMax;
            messaging.MaxEnqueuedRequestsSoftLimit_StatelessWorker = options.EnqueuedCallsWarning;
            messaging.MaxEnqueuedRequestsHardLimit_StatelessWorker = options.EnqueuedCallsMax;
            messaging.MaxRequestProcessingTime = options.StuckAfter;
            messaging.ClientDropTimeout = options.ClientDropTimeout;
            messaging.ClientGatewayShutdownNotificationTimeout = ClientsNoticeTime;
        });
        silo.Configure<LoadSheddingOptions>(shedding =>
        {
            shedding.LoadSheddingEnabled = true;
            shedding.CpuThreshold = options.SheddingCpuPercent;
            shedding.MemoryThreshold = options.SheddingMemoryPercent;
        });
    }

    /// <summary>A killed silo is noticed within seconds, and so is a frozen one; Orleans' own pace is made for larger clusters.</summary>
    private static void Watch(ISiloBuilder silo, ChatSiloOptions options) =>
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeTimeout;
            membership.MinProbeTimeout = options.ProbeTimeout / 2;
            membership.MaxProbeTimeout = options.ProbeTimeout * 2;
            membership.NumMissedProbesLimit = options.MissedProbesMax;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        });

    private static void Stream(ISiloBuilder silo, ChatSiloOptions options, ClusterSettings cluster)
    {
        silo.AddMemoryStreams(TenantStreams.Provider, streams =>
        {
            streams.ConfigurePartitioning(options.StreamQueues);
            streams.ConfigurePullingAgent(agents => agents.Configure(agent =>
            {
                agent.GetQueueMsgsTimerPeriod = options.StreamPollInterval;
                agent.BatchContainerBatchSize = options.StreamBatch;
            }));
        });
        Keep(silo, PubSubStore, cluster);
    }

    private static void Keep(ISiloBuilder silo, string storageName, ClusterSettings cluster) =>
        silo.AddAdoNetGrainStorage(storageName, storage => storage.Configure<Serializer>((state, serializer) =>
        {
            state.Invariant = ClusterSettings.Invariant;
            state.ConnectionString = cluster.ConnectionString;
            // The default writes names of .NET types, and reads whichever it is told to.
            state.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
}
