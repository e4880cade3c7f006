using Microsoft.Extensions.Logging;
using OrleansChat.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Hosting;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Publications that failed, of all conversations of the process: each is counted, one line a second
/// is written, however many fail while the stream is down.
/// </summary>
internal sealed partial class PublishFailures(TimeProvider time, GrainInstruments instruments, ILogger<PublishFailures> logger)
{
    private readonly LinePace _pace = new(time);

    internal void OnFailed(ConversationAppended appended, Exception exception)
    {
        instruments.OnPublishFailed();
        if (_pace.TryTake(out var unsaid))
        {
            LogFailed(logger, appended.TenantId.Value, appended.ConversationId.Value, appended.Changes[^1].Rev, unsaid, exception.Message);
        }
    }

    [LoggerMessage(1004, LogLevel.Warning, "Publishing {TenantId} {ConversationId} up to rev {Rev} failed, and {Others} other publications since the last line like this; gateways find it by repair: {Reason}")]
    private static partial void LogFailed(ILogger logger, string tenantId, string conversationId, long rev, int others, string reason);
}
