using OrleansChat.Conversations;

namespace OrleansChat.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private readonly TypingNotices _typing = new(options.Value.TypingInterval);

    public async Task<TypingResult> TypingAsync(TypingNotice notice, CancellationToken cancellationToken)
    {
        var caller = notice.Caller;
        if (caller.TenantId != _key.TenantId)
        {
            return new TypingResult { Refusal = TypingRefusal.NotFound };
        }

        await _writer.EnsureKnownAsync();
        var state = _writer.State;
        if (!ConversationRules.IsMember(_key.ConversationId, state, caller.UserId))
        {
            return new TypingResult { Refusal = TypingRefusal.NotFound };
        }

        if (!ConversationRules.MayPost(state, caller.Permissions))
        {
            return new TypingResult { Refusal = TypingRefusal.Forbidden };
        }

        // Nobody hears of a direct conversation before its first message (rule C3), nor of typing among too many (rule T4).
        if (state is null || state.Members.Count > _options.TypingMembersMax)
        {
            return new TypingResult();
        }

        if (notice.Typing && await _peers.RefuseAsync(state, caller.UserId) is not null)
        {
            return new TypingResult { Refusal = TypingRefusal.PeerInactive };
        }

        var now = time.GetUtcNow();
        if (notice.Typing && _typing.Begin(caller.UserId, now) is { } pause)
        {
            return new TypingResult { Refusal = TypingRefusal.RateLimited, RetryAfter = pause };
        }

        if (notice.Typing || _typing.End(caller.UserId, now))
        {
            await PublishAsync(new TypingChanged
            {
                TenantId = _key.TenantId,
                ConversationId = _key.ConversationId,
                UserId = caller.UserId,
                Typing = notice.Typing,
                Recipients = [.. state.Members.Where(member => member != caller.UserId)],
            }).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return new TypingResult();
    }

    /// <summary>Asynchronous, so that a publisher that throws at once fails the task only.</summary>
    private async Task PublishAsync(TypingChanged changed) => await publisher.PublishAsync(changed);
}
