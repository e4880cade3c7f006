using System.Collections.Frozen;
using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Replaces the text of a message; its author only (rules M8, M9).</summary>
/// <param name="edit">As asked for.</param>
/// <param name="text">The new text, checked and normalised.</param>
/// <param name="mentions">What it mentions.</param>
/// <param name="window">How long after posting the tenant lets people edit; null for ever.</param>
internal sealed class EditCommand(EditMessage edit, string text, MentionText mentions, TimeSpan? window)
    : ConversationCommand(edit.Caller, edit.ClientId, ContentHash.OfCommand(
        "edit", edit.Seq.ToString(CultureInfo.InvariantCulture), edit.Version.ToString(CultureInfo.InvariantCulture), text))
{
    internal override async ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not { } state || !state.Members.Contains(Caller.UserId))
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (await context.ReadMessageAsync(edit.Seq) is not { Kind: MessageKind.Text } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (message.AuthorId != Caller.UserId || !ConversationRules.MayPost(state, Caller.Permissions))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (message.DeletedAt is not null)
        {
            return Refuse(CommandRefusal.MessageDeleted);
        }

        if (context.Now - message.Time > window)
        {
            return Refuse(CommandRefusal.EditClosed);
        }

        if (message.Version != edit.Version)
        {
            return new Decision.Refused(new CommandResult { Refusal = CommandRefusal.VersionStale, Version = message.Version });
        }

        if (message.Text == text)
        {
            return new Decision.Nothing(edit.Seq);
        }

        var (mentioned, notMembers, refusal) = MentionRules.Decide(
            mentions, FrozenSet<UserId>.Empty, message, Caller, state, edit.WideConfirmed, context.Options);
        return refusal is null
            ? Write(message, mentioned, context.Now) with { Answer = result => result with { NotMembers = notMembers, Version = message.Version + 1 } }
            : new Decision.Refused(refusal);
    }

    private Decision.Write Write(Message message, MentionSet? mentioned, DateTimeOffset now)
    {
        var (before, after) = (message.Mentions?.Users ?? [], mentioned?.Users ?? []);
        return new Decision.Write
        {
            AnswerSeq = message.Seq,
            Entry = new ChangeEntry
            {
                At = now,
                Kind = StoredChange.Edited,
                Payload = StoredChange.WriteEdited(message.Mentions, mentioned),
                CommandId = Id,
                Command = Content,
                MessageSeq = message.Seq,
                Revision = new MessageRevision
                {
                    Version = message.Version + 1,
                    Text = text,
                    Mentions = mentioned,
                    Mentioned = [.. after.Except(before)],
                    NotMentioned = [.. before.Except(after)],
                },
            },
            Change = (_, rev) => new ConversationChange
            {
                Rev = rev,
                Edited = new MessageEdited
                {
                    Seq = message.Seq,
                    AuthorId = message.AuthorId,
                    Version = message.Version + 1,
                    Text = text,
                    EditedAt = now,
                    PostedAt = message.Time,
                    Before = message.Mentions,
                    After = mentioned,
                },
            },
        };
    }
}
