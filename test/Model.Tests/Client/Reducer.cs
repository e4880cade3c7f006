using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Model;

namespace OrleansChat.Model.Tests.Client;

/// <summary>What one change makes of what a client has: docs/protocol.md, written down once more. A kind of change without a case does not build.</summary>
internal static class Reducer
{
    /// <summary>The view after a change with the next rev.</summary>
    internal static View Apply(View view, ConversationChange change, UserId me)
    {
        if (change.Rev != view.Rev + 1)
        {
            throw new ArgumentException($"Change {change.Rev} does not follow {view.Rev}.", nameof(change));
        }

        var next = change.Kind switch
        {
            ChangeKind.Posted => Posted(view, change.Posted!),
            ChangeKind.Edited => Edited(view, change.Edited!),
            ChangeKind.Deleted => Deleted(view, change.Deleted!),
            ChangeKind.Reacted => Reacted(view, change.Reacted!, me),
            ChangeKind.Unknown => throw new InvalidOperationException($"Nobody knows change {change.Rev}."),
        };
        return next with { Rev = change.Rev, Basis = Count(view.Basis, change, view.Kind, me) };
    }

    /// <summary>How a change moves the counts, when it is the next one (section Unread of the protocol).</summary>
    internal static UnreadBasis Count(UnreadBasis basis, ConversationChange change, ConversationKind kind, UserId me)
    {
        if (change.Rev != basis.Rev + 1)
        {
            return basis;
        }

        var (unread, mentions) = change.Kind switch
        {
            ChangeKind.Posted when IsBelow(basis, change.Posted!.Seq) => (0, 0),
            ChangeKind.Posted when change.Posted!.Fact is { } fact => fact.Kind == SystemFactKind.Added && fact.Targets.Contains(me) ? (1, 1) : (0, 0),
            ChangeKind.Posted when change.Posted!.AuthorId == me => (0, 0),
            ChangeKind.Posted => (1, Means(basis, change.Posted!.Mentions, change.Posted.Time, kind, me)),
            ChangeKind.Edited when IsBelow(basis, change.Edited!.Seq) || change.Edited.AuthorId == me => (0, 0),
            ChangeKind.Edited => (0, Means(basis, change.Edited!.After, change.Edited.PostedAt, kind, me) - Means(basis, change.Edited.Before, change.Edited.PostedAt, kind, me)),
            ChangeKind.Deleted when IsBelow(basis, change.Deleted!.Seq) || change.Deleted.AuthorId == me => (0, 0),
            ChangeKind.Deleted => (-1, -Means(basis, change.Deleted!.Before, change.Deleted.PostedAt, kind, me)),
            ChangeKind.Reacted or ChangeKind.Unknown => (0, 0),
        };
        return basis with { Rev = change.Rev, Unread = basis.Unread + unread, Mentions = basis.Mentions + mentions };
    }

    private static bool IsBelow(UnreadBasis basis, long seq) => seq <= basis.ReadSeq;

    private static int Means(UnreadBasis basis, MentionSet? mentions, DateTimeOffset postedAt, ConversationKind kind, UserId me)
    {
        var muted = basis.MutedFrom is { } from && postedAt >= from && !(basis.MutedUntil is { } until && postedAt >= until);
        var byName = kind == ConversationKind.Direct || (mentions is not null && mentions.Users.Contains(me));
        var wide = mentions is not null && (mentions.All || mentions.Here.Contains(me)) && !muted;
        return byName || wide ? 1 : 0;
    }

    private static View Posted(View view, Message message)
    {
        view.Messages[message.Seq] = message;
        var next = view with { Seq = message.Seq };
        if (message.Fact is { } fact)
        {
            Members(view.Members, fact, message.AuthorId);
            return fact.Kind == SystemFactKind.Renamed ? next with { Title = fact.After } : next;
        }

        return next with
        {
            LastActivity = message.Time,
            LastMessage = message with { Text = ModelMessage.Cut(message.Text), ReplyTo = null },
        };
    }

    private static void Members(HashSet<UserId> members, SystemFact fact, UserId actor)
    {
        switch (fact.Kind)
        {
            case SystemFactKind.Created or SystemFactKind.Added:
                members.UnionWith(fact.Targets);
                break;
            case SystemFactKind.Removed:
                members.ExceptWith(fact.Targets);
                break;
            case SystemFactKind.Left:
                members.Remove(actor);
                break;
            case SystemFactKind.Renamed or SystemFactKind.RetentionChanged:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fact), fact.Kind, "A fact that nobody knows.");
        }
    }

    private static View Edited(View view, MessageEdited edited)
    {
        Revise(view, edited.Seq, message => message with
        {
            Version = edited.Version,
            EditedAt = edited.EditedAt,
            Mentions = edited.After,
            Text = message.DeletedAt is null ? edited.Text : message.Text,
        });
        Requote(view, edited.Seq, quote => quote.Deleted ? quote : quote with { Text = ModelMessage.Cut(edited.Text) });
        return view.LastMessage is { } last && last.Seq == edited.Seq
            ? view with
            {
                LastMessage = last with
                {
                    Version = edited.Version,
                    EditedAt = edited.EditedAt,
                    Mentions = edited.After,
                    Text = last.DeletedAt is null ? ModelMessage.Cut(edited.Text) : last.Text,
                },
            }
            : view;
    }

    private static View Deleted(View view, MessageDeleted deleted)
    {
        Revise(view, deleted.Seq, message => message with { Text = string.Empty, Mentions = null, DeletedAt = deleted.DeletedAt });
        Requote(view, deleted.Seq, static quote => quote with { Text = string.Empty, Deleted = true });
        return view.LastMessage?.Seq == deleted.Seq && deleted.LastActivity is { } activity
            ? view with { LastMessage = deleted.LastMessage, LastActivity = activity }
            : view;
    }

    private static View Reacted(View view, ReactionChanged reacted, UserId me)
    {
        Revise(view, reacted.Seq, message =>
        {
            var before = message.Reactions.FirstOrDefault(reaction => reaction.Emoji == reacted.Emoji);
            var others = message.Reactions.Where(reaction => reaction.Emoji != reacted.Emoji);
            var now = new Reaction
            {
                Emoji = reacted.Emoji,
                Count = reacted.Count,
                Users = reacted.Users,
                Mine = reacted.UserId == me ? reacted.Added : before?.Mine == true,
            };
            return message with { Reactions = [.. others.Concat(reacted.Count > 0 ? [now] : []).OrderBy(reaction => reaction.Emoji, StringComparer.Ordinal)] };
        });
        return view;
    }

    private static void Revise(View view, long seq, Func<Message, Message> revise)
    {
        if (view.Messages.TryGetValue(seq, out var message))
        {
            view.Messages[seq] = revise(message);
        }
    }

    private static void Requote(View view, long seq, Func<MessageQuote, MessageQuote> revise)
    {
        foreach (var answer in view.Messages.Values.Where(message => message.ReplyTo?.Seq == seq).ToArray())
        {
            view.Messages[answer.Seq] = answer with { ReplyTo = revise(answer.ReplyTo!) };
        }
    }
}
