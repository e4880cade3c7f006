using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansChat.Hosting;

namespace OrleansChat.Silo;

/// <summary>Refuses to start where the silo's ports cannot be listened on, before Orleans would fail with a stack.</summary>
internal sealed class EndpointCheck(ChatSiloOptions silo) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        RequireFree(nameof(silo.Port), silo.Port);
        RequireFree(nameof(silo.GatewayPort), silo.GatewayPort);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
