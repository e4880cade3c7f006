using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansChat.Grains.Inbox;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Tests.Inbox;

public sealed class NotificationPurgeTests
{
    [Theory]
    [EveryStore]
    [Rule("N12")]
    public async Task ExecuteAsync_AtTheStartAndEveryDay_ForgetsWhatIsOlderThanItIsKept(StoreKind store)
    {
        await using var host = await ChatHost.StartAsync(store);
        var group = await ChatHost.GroupAsync(host.Ann, host.Bob);
        await host.Ann.PostsAsync(group, "hi");
        await ReportsAsync("old");
        host.Time.Advance(TimeSpan.FromDays(1));
        await ReportsAsync("new");
        host.Time.Advance(TimeSpan.FromDays(6) + TimeSpan.FromSeconds(1));

        var lines = new Lines();
        using var purge = new NotificationPurge(host.Store.Inbox, Options.Create(new InboxOptions { ReasonsKept = TimeSpan.FromDays(7) }), host.Time, lines);
        await purge.StartAsync(TestContext.Current.CancellationToken);
        await lines.NextAsync();
        (await DevicesAsync()).ShouldBe(["new"]);

        host.Time.Advance(TimeSpan.FromDays(1));
        await lines.NextAsync();
        (await DevicesAsync()).ShouldBeEmpty();
        await purge.StopAsync(TestContext.Current.CancellationToken);

        Task ReportsAsync(string device) => host.Inbox(host.Bob).ReportNotificationsAsync(
            host.Bob.Caller,
            device,
            [new NotificationReport { ConversationId = group, Seq = 2, Outcome = NotificationOutcome.Shown, At = host.Time.GetUtcNow() }],
            TestContext.Current.CancellationToken);

        async Task<IEnumerable<string>> DevicesAsync() =>
            (await host.Store.Inbox.ReadNotifiedAsync(host.Tenant, host.Bob.Id, group, 2, TestContext.Current.CancellationToken)).ShouldNotBeNull()
                .Devices.Select(device => device.Device);
    }

    /// <summary>One line for each purge that has ended.</summary>
    private sealed class Lines : ILogger<NotificationPurge>
    {
        private readonly Channel<EventId> _lines = Channel.CreateUnbounded<EventId>();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite(eventId);

        internal async Task NextAsync() =>
            (await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ChatHost.Patience)).Id.ShouldBe(2001);
    }
}
