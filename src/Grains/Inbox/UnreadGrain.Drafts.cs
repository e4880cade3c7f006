using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;
using OrleansChat.Inbox;

namespace OrleansChat.Grains.Inbox;

/// <summary>What the person has written and not sent yet (rule W3).</summary>
internal sealed partial class UnreadGrain
{
    public async Task<SaveDraftResult> SaveDraftAsync(SaveDraft command, CancellationToken cancellationToken)
    {
        var (text, invalid) = DraftRules.CheckText(command.Text, conversations.Value);
        if (invalid is not null)
        {
            return new SaveDraftResult { Refusal = invalid };
        }

        for (var attempt = 0; attempt < WriteAttemptsMax; attempt++)
        {
            if (!IsMine(command.Caller)
                || await inbox.ReadDraftAsync(_key.TenantId, _key.UserId, command.ConversationId, cancellationToken) is not { } read)
            {
                return new SaveDraftResult { Refusal = SaveDraftRefusal.NotFound };
            }

            var now = StoredTime.Truncate(time.GetUtcNow());
            var result = DraftRules.Change(read, command, text, options.Value.DraftsMax, now);
            if (result.Draft is not { } draft || draft == read.Draft)
            {
                return result;
            }

            if (await inbox.WriteDraftAsync(_key.TenantId, _key.UserId, draft, now, cancellationToken))
            {
                await TellAsync(new DraftChanged { TenantId = _key.TenantId, UserId = _key.UserId, Draft = draft });
                return result;
            }
        }

        throw new StoreUnavailableException("The draft moved again and again; nothing was written.");
    }

    public async Task<ImmutableArray<Draft>> DraftsAsync(Caller caller, CancellationToken cancellationToken) =>
        IsMine(caller) ? await inbox.ListDraftsAsync(_key.TenantId, _key.UserId, cancellationToken) : [];
}
