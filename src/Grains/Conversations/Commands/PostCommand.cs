using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Posts a message; the first one of a direct conversation creates it (rule C2).</summary>
/// <param name="post">As asked for.</param>
/// <param name="text">Its text, checked and normalised.</param>
/// <param name="mentions">What the text mentions.</param>
/// <param name="online">Who is online, when the text mentions them.</param>
internal sealed class PostCommand(PostMessage post, string text, MentionText mentions, FrozenSet<UserId> online)
    : ConversationCommand(post.Caller, post.ClientId, ContentHash.OfText(text, post.ReplyTo))
{
    internal override bool SharesAppends => true;

    internal override async ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        var state = context.State;
        if (!ConversationRules.IsMember(context.Key.ConversationId, state, Caller.UserId))
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (!ConversationRules.MayPost(state, Caller.Permissions))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (await context.Peers.RefuseAsync(state, Caller.UserId) is { } notToThem)
        {
            return Refuse(notToThem);
        }

        (ConversationCreation, ConversationState)? creates = null;
        IReadOnlyList<MembershipBegin> begins = [];
        if (state is null)
        {
            (var creation, begins, state) = ConversationRules.CreateDirect(context.Key.ConversationId, Caller.UserId, context.Now);
            creates = (creation, state);
        }

        var (mentioned, notMembers, refusal) = MentionRules.Decide(
            mentions, online, before: null, Caller, state, post.WideConfirmed, context.Options);
        if (refusal is not null)
        {
            return new Decision.Refused(refusal);
        }

        MessageQuote? quote = null;
        if (post.ReplyTo is { } replyTo)
        {
            if (await context.ReadMessageAsync(replyTo) is not { Kind: MessageKind.Text } answered)
            {
                return Refuse(CommandRefusal.MessageNotFound);
            }

            quote = ConversationRules.Quote(answered);
        }

        return Write(context.Now, mentioned, quote, notMembers) with { Creates = creates, Begins = begins };
    }

    private Decision.Write Write(DateTimeOffset now, MentionSet? mentioned, MessageQuote? quote, ImmutableArray<UserId> notMembers) => new()
    {
        Entry = new MessageEntry
        {
            At = now,
            Kind = MessageKind.Text,
            AuthorId = Id.AuthorId,
            ClientId = Id.ClientId,
            Text = text,
            Mentions = mentioned,
            ReplyTo = quote?.Seq,
        },
        Change = (seq, rev) => new ConversationChange
        {
            Rev = rev,
            Posted = new Message
            {
                Seq = seq,
                Rev = rev,
                Kind = MessageKind.Text,
                AuthorId = Id.AuthorId,
                AuthorName = Caller.Name,
                ClientId = Id.ClientId,
                Text = text,
                Time = now,
                Mentions = mentioned,
                ReplyTo = quote,
            },
        },
        Apply = static (state, seq, _) => state with { LastMessageSeq = seq },
        Answer = notMembers.IsEmpty ? static result => result : result => result with { NotMembers = notMembers },
    };
}
