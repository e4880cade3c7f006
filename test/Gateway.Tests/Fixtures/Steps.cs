using Microsoft.Extensions.Time.Testing;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>A test's clock that goes on while the test waits.</summary>
internal static class Steps
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>Lets time pass, step by step, until something is so.</summary>
    internal static async Task AdvanceUntilAsync(this FakeTimeProvider time, TimeSpan step, Func<bool> isSo, string what)
    {
        var began = Environment.TickCount64;
        using var pace = new PeriodicTimer(Pace);
        while (!isSo())
        {
            if (Environment.TickCount64 - began > ChatServer.Patience.TotalMilliseconds)
            {
                throw new TimeoutException(what);
            }

            time.Advance(step);
            await pace.WaitForNextTickAsync();
        }
    }
}
