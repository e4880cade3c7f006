using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Makes a tombstone of a message whose time is over, and leaves no former text behind either (rule R5).</summary>
/// <param name="caller">Retention itself; nobody.</param>
/// <param name="seq">Which message.</param>
/// <param name="isLast">True for the last that counts for the chat list: it goes alone, when those before it are gone.</param>
internal sealed class PurgeCommand(Caller caller, long seq, bool isLast)
    : ConversationCommand(caller, Guid.NewGuid(), ContentHash.OfCommand("purge"))
{
    internal override bool SharesAppends => !isLast;

    internal override bool IsOfMembers => false;

    internal override async ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not { } state || await context.ReadMessageAsync(seq) is not { Kind: MessageKind.Text, DeletedAt: null } message)
        {
            return new Decision.Nothing(seq);
        }

        var last = seq == state.LastMessageSeq ? await DeleteCommand.LastBelowAsync(context, seq, state.CreatedAt) : null;
        return new Decision.Write
        {
            AnswerSeq = seq,
            Entry = new ChangeEntry
            {
                At = context.Now,
                Kind = StoredChange.Deleted,
                Payload = StoredChange.WriteDeleted(message.Mentions),
                MessageSeq = seq,
                Revision = new MessageRevision
                {
                    Version = message.Version + 1,
                    Text = string.Empty,
                    NotMentioned = message.Mentions?.Users ?? [],
                    Purged = true,
                },
            },
            LastCountable = last is null ? null : (last.Message?.Seq ?? 0, last.Activity),
            Apply = (before, _, _) => last is null ? before : before with { LastMessageSeq = last.Message?.Seq ?? 0 },
            Change = (_, rev) => new ConversationChange
            {
                Rev = rev,
                Deleted = new MessageDeleted
                {
                    Seq = seq,
                    AuthorId = message.AuthorId,
                    DeletedAt = context.Now,
                    PostedAt = message.Time,
                    Before = message.Mentions,
                    LastMessage = last?.Message,
                    LastActivity = last?.Activity,
                },
            },
        };
    }
}
