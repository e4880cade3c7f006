using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Sessions;

/// <summary>
/// Ends all sessions when the gateway is told to stop, while it still runs: evenly spread over
/// <see cref="SocketOptions.DrainTime"/>, so that the other gateways do not get all of them back in one instant.
/// The time is the machine's, not the chat's.
/// </summary>
internal sealed class SessionDrain(SessionRegistry registry, IHostApplicationLifetime lifetime, IOptions<SocketOptions> options) : IHostedService, IDisposable
{
    /// <summary>More sessions than these take twice the time.</summary>
    internal const int ManySessions = 5_000;

    /// <summary>Without another gateway to go to, clients come back to the next start, spread over this time.</summary>
    private static readonly TimeSpan ReturnSpread = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>What is written reaches a socket that takes it within this time.</summary>
    private static readonly TimeSpan SocketPause = TimeSpan.FromMilliseconds(200);

    private CancellationTokenRegistration _stopping;

    /// <summary>The longest that the end of the sessions takes.</summary>
    internal static TimeSpan LongestOf(SocketOptions options) => (options.DrainTime * 2) + options.ClosingTimeout + SocketPause;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server stops listening: its own end of connections says nothing to clients.
        _stopping = lifetime.ApplicationStopping.Register(() => DrainAsync().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task DrainAsync()
    {
        var sessions = registry.All.ToArray();
        Random.Shared.Shuffle(sessions);
        var time = sessions.Length > ManySessions ? options.Value.DrainTime * 2 : options.Value.DrainTime;
        List<Task> closed = [];
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Pace);
        while (closed.Count < sessions.Length)
        {
            var due = time > watch.Elapsed ? (int)(sessions.Length * (watch.Elapsed / time)) : sessions.Length;
            closed.AddRange(sessions[closed.Count..due].Select(CloseAsync));
            if (due < sessions.Length)
            {
                await timer.WaitForNextTickAsync();
            }
        }

        closed.AddRange(registry.All.Except(sessions).Select(CloseAsync)); // Who was let in while the stop was announced.
        await Task.WhenAll(closed);
        if (closed.Count > 0)
        {
            // A server that stops drops what its sockets have not taken yet, and says not when they have.
            await Task.Delay(SocketPause);
        }
    }

    private Task CloseAsync(Session session) => session.CloseAsync(
        ClosingCode.ShuttingDown, options.Value.DrainTime > TimeSpan.Zero ? null : Random.Shared.NextDouble() * ReturnSpread);
}
