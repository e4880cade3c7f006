using OrleansChat.Gateway.Wire;

namespace OrleansChat.Gateway.Sessions;

/// <summary>Ends sessions whose cookie or token expires.</summary>
internal sealed class SessionCloser(SessionRegistry registry, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var deadline = time.GetUtcNow() + Pace;
            await Task.WhenAll(registry.All
                .Where(session => session.Admission.ExpiresAt <= deadline)
                .Select(session => session.CloseAsync(ClosingCode.SessionExpired)));
        }
    }
}
