using OrleansChat.Conversations;

namespace OrleansChat.Grains.Conversations;

/// <summary>
/// Publishes one conversation's changes in order of rev, one publication at a time, without making the appends wait:
/// what is committed while one is under way goes together into the next. Runs on its grain's turns.
/// </summary>
internal sealed class AppendedPublication(IEventPublisher publisher, PublishFailures failures)
{
    /// <summary>Changes that wait for a slow stream; beyond it they are left to the gateways' repair.</summary>
    internal const int WaitingChangesMax = 1_000;

    private ConversationAppended? _waiting;
    private bool _publishing;

    internal void Publish(ConversationAppended appended)
    {
        // Changes that somebody else wrote, or that were in doubt, leave a hole: gateways find what is dropped before it at once.
        _waiting = _waiting is { } waiting && waiting.Changes.Length < WaitingChangesMax && waiting.Changes[^1].Rev + 1 == appended.Changes[0].Rev
            ? appended with { Changes = waiting.Changes.AddRange(appended.Changes) }
            : appended;
        if (!_publishing)
        {
            _publishing = true;
            _ = PublishWaitingAsync();
        }
    }

    private async Task PublishWaitingAsync()
    {
        while (_waiting is { } appended)
        {
            _waiting = null;
            try
            {
                await publisher.PublishAsync(appended);
            }
            catch (Exception exception)
            {
                // The stream is a hint: gateways find these changes by repair (design §4.5).
                failures.OnFailed(appended, exception);
            }
        }

        _publishing = false;
    }
}
