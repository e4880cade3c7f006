using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded.Streams;

internal sealed partial class Subscription<T>
{
    [LoggerMessage(201, LogLevel.Warning, "A subscriber of stream {StreamId} failed on an event")]
    private static partial void LogDeliveryFailed(ILogger logger, StreamId streamId, Exception exception);

    [LoggerMessage(202, LogLevel.Warning, "An event of type {EventType} on stream {StreamId} was not delivered to a subscriber of {SubscriberType}")]
    private static partial void LogWrongType(ILogger logger, StreamId streamId, Type eventType, Type subscriberType);
}
