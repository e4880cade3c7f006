using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Sessions;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Hosting;

/// <summary>Hands the bounds of <see cref="SocketOptions"/> to SignalR and Kestrel; every one is set, none is left "off".</summary>
internal sealed class SessionSettings(IOptions<SocketOptions> sessions)
    : IConfigureOptions<HubOptions<ChatHub>>, IConfigureOptions<JsonHubProtocolOptions>, IConfigureOptions<KestrelServerOptions>
{
    public void Configure(HubOptions<ChatHub> options)
    {
        var ours = sessions.Value;
        options.SupportedProtocols = ["json"];
        options.MaximumReceiveMessageSize = ours.ReceiveBytesMax;
        options.HandshakeTimeout = ours.HandshakeTimeout;
        options.KeepAliveInterval = ours.KeepAliveInterval;
        options.ClientTimeoutInterval = ours.ClientTimeout;
        options.MaximumParallelInvocationsPerClient = 1; // Calls of one session keep their order.
        options.EnableDetailedErrors = false;
        options.StatefulReconnectBufferSize = 0;
        options.StreamBufferCapacity = 1; // No method takes a stream.
        options.DisableImplicitFromServicesParameters = true;
    }

    public void Configure(JsonHubProtocolOptions options) => 
        WireJson.Configure(options.PayloadSerializerOptions, sessions.Value.JsonDepthMax);

    public void Configure(KestrelServerOptions options)
    {
        var ours = sessions.Value;
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentUpgradedConnections = ours.ConnectionsMax;
        options.Limits.MaxRequestBodySize = ours.RequestBodyBytesMax;
        options.Limits.RequestHeadersTimeout = ours.RequestHeadersTimeout;
    }

    internal static void Configure(HttpConnectionDispatcherOptions options, SocketOptions ours)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.TransportMaxBufferSize = ours.TransportBufferBytesMax;
        options.ApplicationMaxBufferSize = ours.ApplicationBufferBytesMax;
        options.TransportSendTimeout = ours.TransportSendTimeout;
        options.WebSockets.CloseTimeout = ours.CloseTimeout;
        options.CloseOnAuthenticationExpiration = true;
        options.AllowStatefulReconnects = false;
    }
}
