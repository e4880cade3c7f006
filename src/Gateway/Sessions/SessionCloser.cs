using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Sessions;

/// <summary>Ends sessions whose cookie or token expires, and all of them when the gateway stops.</summary>
internal sealed class SessionCloser(SessionRegistry registry, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Clients of a gateway that stops come back spread over this time.</summary>
    private static readonly TimeSpan ReturnSpread = TimeSpan.FromSeconds(3);

    /// <summary>What is written reaches a socket that takes it within this time; it is the machine's time, not the chat's.</summary>
    private static readonly TimeSpan SocketPause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the server stops listening: its own end of connections says nothing to clients.
        using var stopping = lifetime.ApplicationStopping.Register(() => CloseAllAsync().GetAwaiter().GetResult());
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var deadline = time.GetUtcNow() + Pace;
            await Task.WhenAll(registry.All
                .Where(session => session.Admission.ExpiresAt <= deadline)
                .Select(session => session.CloseAsync(ClosingCode.SessionExpired)));
        }
    }

    private async Task CloseAllAsync()
    {
        var closed = registry.All
            .Select(session => session.CloseAsync(ClosingCode.ShuttingDown, Random.Shared.NextDouble() * ReturnSpread)).ToList();
        await Task.WhenAll(closed);
        if (closed.Count > 0)
        {
            // A server that stops drops what its sockets have not taken yet, and says not when they have.
            await Task.Delay(SocketPause);
        }
    }
}
