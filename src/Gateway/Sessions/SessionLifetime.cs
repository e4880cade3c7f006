using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Callers;
using OrleansChat.Gateway.Fanout;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Gateway.Presence;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Sessions;

/// <summary>
/// Begins and ends sessions with their connections: register first, then say <c>welcome</c>, so that whatever a client
/// reads afterwards cannot be older than the events it gets (rule M12). Groups of SignalR are not used.
/// </summary>
internal sealed class SessionLifetime(
    SessionRegistry registry,
    TenantFeeds feeds,
    PresenceReporter presence,
    IOptions<SocketOptions> options,
    IOptions<CallLimitOptions> limits,
    TimeProvider time,
    GatewayInstruments instruments,
    ILogger<DefaultHubLifetimeManager<ChatHub>> baseLogger,
    ILogger<Session> logger) : DefaultHubLifetimeManager<ChatHub>(baseLogger)
{
    private const int ProtocolVersion = 1;

    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        var admission = connection.GetHttpContext()?.Features.Get<Admission>()
            ?? throw new InvalidOperationException("A connection got past the admission of /hub without one.");
        var session = new Session(connection, admission, options.Value, time, instruments, logger);
        connection.Features.Set(session);
        registry.Add(session);
        var own = presence.BeginAsync(session.Caller);
        await feeds.JoinAsync(session, connection.ConnectionAborted);
        var me = await own;
        session.Send(Frame.Of(EventNames.Welcome, new WelcomeEvent
        {
            Protocol = ProtocolVersion,
            Tenant = admission.TenantId.Value,
            User = admission.ToWire(),
            Me = me?.ToWire(),
            Permissions = admission.Person.Permissions.ToWire(),
            Limits = new WireLimits
            {
                TextScalarsMax = limits.Value.TextScalarsMax,
                TextBytesMax = limits.Value.TextBytesMax,
                PageMax = limits.Value.PageMax,
            },
        }));
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Features.Get<Session>() is { } session)
        {
            session.Ended();
            feeds.Leave(session);
            presence.End(session.Caller);
            registry.Remove(session);
        }

        return Task.CompletedTask;
    }
}
