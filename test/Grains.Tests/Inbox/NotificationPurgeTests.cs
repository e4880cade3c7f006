using System.Reflection;
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

    [Fact]
    [Rule("N12")]
    public async Task ExecuteAsync_AnythingFails_GoesOnTheNextDay()
    {
        await using var host = await ChatHost.StartAsync();
        var store = DispatchProxy.Create<IInboxStore, FailsOnce>();
        ((FailsOnce)(object)store).Inner = host.Store.Inbox;
        var lines = new Lines();
        using var purge = new NotificationPurge(store, Options.Create(new InboxOptions()), host.Time, lines);
        await purge.StartAsync(TestContext.Current.CancellationToken);
        await lines.NextAsync(2002);
        purge.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeFalse("a faulted service would end the process");

        host.Time.Advance(TimeSpan.FromDays(1));
        await lines.NextAsync();
        await purge.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A store with a defect that shows in the first call.</summary>
    public class FailsOnce : DispatchProxy
    {
        private bool _failed;

        internal IInboxStore Inner { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!_failed)
            {
                _failed = true;
                throw new InvalidOperationException("planned");
            }

            return targetMethod!.Invoke(Inner, args);
        }
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

        internal async Task NextAsync(int id = 2001) =>
            (await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ChatHost.Patience)).Id.ShouldBe(id);
    }
}
