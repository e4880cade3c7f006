using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Refuses to start where the silo's ports cannot be listened on, before Orleans would fail with a stack.</summary>
internal sealed class EndpointCheck(ChatSiloOptions silo) : HostedLifecycle
{
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        RequireFree(nameof(silo.Port), silo.Port);
        RequireFree(nameof(silo.GatewayPort), silo.GatewayPort);
        return Task.CompletedTask;
    }

    private void RequireFree(string option, int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(silo.Address), port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new StartException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ChatSiloOptions.Section}:Address is {silo.Address} and {ChatSiloOptions.Section}:{option} is {port}, which cannot be listened on ({exception.Message}); they must be an address of this machine and a free port."),
                exception);
        }
    }
}
