using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansChat.Gateway.Tests.Fixtures;

/// <summary>Everything that a gateway logged, as an operator would read it, with exceptions and every property.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];

    internal IReadOnlyCollection<string> Lines => _lines;

    internal string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // Nothing is held; lines are read after the gateway has ended.
    }

    private sealed class Logger(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var properties = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : string.Empty;
            book._lines.Enqueue($"{logLevel} {category} {eventId.Id}: {formatter(state, exception)} [{properties}] {exception}");
        }
    }
}
