using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Conversations;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Tests.Conversations;

/// <summary>While the stream is down every append fails to publish: the operator reads that it does, not each of them.</summary>
public sealed class PublishFailuresTests
{
    [Fact]
    public void OnFailed_ManyInASecond_IsOneLineThatCountsTheRest()
    {
        var time = new FakeTimeProvider();
        var lines = new List<string>();
        using var services = new ServiceCollection().AddMetrics()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<ILoggerFactory>(_ => LoggerFactory.Create(logging => logging.AddProvider(new Lines(lines))))
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton<GrainInstruments>()
            .AddSingleton<PublishFailures>()
            .BuildServiceProvider();
        var failures = services.GetRequiredService<PublishFailures>();

        for (var rev = 1; rev <= 500; rev++)
        {
            failures.OnFailed(Appended(rev), new TimeoutException("the queue does not answer"));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        failures.OnFailed(Appended(501), new TimeoutException("the queue does not answer"));

        lines.Count.ShouldBe(2);
        lines[0].ShouldContain("up to rev 1 failed, and 0 other");
        lines[1].ShouldContain("up to rev 501 failed, and 499 other");
        lines[1].ShouldEndWith("the queue does not answer");
    }

    private static ConversationAppended Appended(long rev) => new()
    {
        TenantId = TenantId.Of("acme"),
        ConversationId = ConversationId.Of(Guid.Parse("018f0000-0000-7000-8000-000000000000")),
        MembersRev = 1,
        Changes = [new ConversationChange { Rev = rev }],
    };

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
