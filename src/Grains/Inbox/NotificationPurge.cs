using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansChat.Grains.Inbox;

/// <summary>Forgets, at the start and once a day, why messages notified whom: what is older than it is kept (rule N12).</summary>
internal sealed partial class NotificationPurge(
    IInboxStore inbox, IOptions<InboxOptions> options, TimeProvider time, ILogger<NotificationPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Rows of one kind that go in one statement: others who write wait no longer than that takes.</summary>
    private const int RowsMax = 5_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                LogPurged(logger, await PurgeAsync(time.GetUtcNow() - options.Value.ReasonsKept, stoppingToken));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception); // Tomorrow again: nothing depends on it but room.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        long rows = 0;
        while (await inbox.PurgeNotificationsAsync(before, RowsMax, cancellationToken) is var purged and > 0)
        {
            rows += purged;
        }

        return rows;
    }

    [LoggerMessage(2001, LogLevel.Debug, "Forgot {Rows} rows of settings and reports of notifications.")]
    private static partial void LogPurged(ILogger logger, long rows);

    [LoggerMessage(2002, LogLevel.Warning, "Old reports of notifications could not be forgotten; tomorrow again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
