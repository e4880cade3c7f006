using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Adds somebody's reaction to a message or takes it back.</summary>
internal sealed class ReactCommand(ReactToMessage react) : ConversationCommand(react.Caller, react.ClientId, ContentHash.OfCommand(
    react.Add ? "react" : "unreact", react.Seq.ToString(CultureInfo.InvariantCulture), react.Emoji))
{
    internal override async ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not { } state || !state.Members.Contains(Caller.UserId))
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (!ConversationRules.MayPost(state, Caller.Permissions))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (await context.ReadMessageAsync(react.Seq) is not { Kind: MessageKind.Text } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (message.DeletedAt is not null)
        {
            return Refuse(CommandRefusal.MessageDeleted);
        }

        var there = await context.Log.ReadReactionsAsync(
            context.Key.TenantId, context.Key.ConversationId, react.Seq, react.Emoji, Caller.UserId, CancellationToken.None);
        if (there.Mine == react.Add)
        {
            return new Decision.Nothing(react.Seq);
        }

        if (react.Add && await context.Peers.RefuseAsync(state, Caller.UserId) is { } notToThem)
        {
            return Refuse(notToThem);
        }

        return react.Add && there.Count == 0 && there.Emojis >= context.Options.ReactionsMax
            ? Refuse(CommandRefusal.TooManyReactions)
            : Write(there, context.Now);
    }

    private Decision.Write Write(ReactionsRead there, DateTimeOffset now)
    {
        var users = react.Add ? there.Users.Add(Caller.UserId) : there.Users.Remove(Caller.UserId);
        var reacted = new ReactionChanged
        {
            Seq = react.Seq,
            UserId = Caller.UserId,
            Emoji = react.Emoji,
            Added = react.Add,
            Count = there.Count + (react.Add ? 1 : -1),
            Users = [.. users.Take(Reaction.UsersMax)],
        };
        return new Decision.Write
        {
            AnswerSeq = react.Seq,
            Entry = new ChangeEntry
            {
                At = now,
                Kind = StoredChange.Reacted,
                Payload = StoredChange.WriteReacted(reacted),
                CommandId = Id,
                Command = Content,
                MessageSeq = react.Seq,
                Reaction = new ReactionEdit(Caller.UserId, react.Emoji, react.Add),
            },
            Change = (_, rev) => new ConversationChange { Rev = rev, Reacted = reacted },
        };
    }
}
