using OrleansChat.Conversations;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Tells the gateways what was committed. A hint: it may lose, repeat or delay, and a failure never fails the command
/// that caused the event. The seam at which tests lose events.
/// </summary>
public interface IEventPublisher
{
    /// <summary>Publishes an append's changes; one at a time for each conversation, in order of rev.</summary>
    Task PublishAsync(ConversationAppended appended);

    /// <summary>Publishes an event about people.</summary>
    Task PublishAsync(TenantSignal signal);
}
