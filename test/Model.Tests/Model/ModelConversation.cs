using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Model.Tests.Client;

namespace OrleansChat.Model.Tests.Model;

/// <summary>One change of a conversation: which message it was about, and who heard of it.</summary>
internal sealed record ModelChange(ChangeKind Kind, long Seq, ImmutableHashSet<UserId> Heard);

/// <summary>What a command had caused.</summary>
internal sealed record ModelAnswer(string Content, long Seq, long Rev, DateTimeOffset Time);

/// <summary>Somebody's membership.</summary>
internal sealed class ModelMembership
{
    internal required long ReadSeq { get; set; }

    /// <summary>The seq of the fact by which the person became a member.</summary>
    internal required long JoinedSeq { get; init; }

    internal NotificationLevel Level { get; set; } = NotificationLevel.Default;

    internal DateTimeOffset? MutedFrom { get; set; }

    internal DateTimeOffset? MutedUntil { get; set; }
}

/// <summary>One conversation. Everything about it is counted from the beginning whenever somebody asks.</summary>
internal sealed class ModelConversation
{
    internal required ConversationId Id { get; init; }

    internal required ConversationKind Kind { get; init; }

    internal required DateTimeOffset CreatedAt { get; init; }

    internal string? Title { get; set; }

    /// <summary>Days that it is kept; null as the tenant decided.</summary>
    internal int? KeptDays { get; set; }

    internal List<ModelMessage> Messages { get; } = [];

    /// <summary>By rev, from 1.</summary>
    internal List<ModelChange> Changes { get; } = [];

    internal Dictionary<UserId, ModelMembership> Members { get; } = [];

    /// <summary>How often somebody's own row changed: what the store's read version must rise with.</summary>
    internal Dictionary<UserId, int> Turns { get; } = [];

    /// <summary>Mentions that somebody is done with.</summary>
    internal HashSet<(UserId User, long Seq)> Done { get; } = [];

    internal Dictionary<(UserId Author, Guid ClientId), ModelAnswer> Answers { get; } = [];

    internal long Rev => Changes.Count;

    internal long Seq => Messages.Count;

    internal Head Head => new() { Rev = Rev, Seq = Seq };

    internal ModelMessage? LastCountable => Messages.LastOrDefault(message => message.Counts);

    internal DateTimeOffset LastActivity => LastCountable?.Time ?? CreatedAt;

    internal ModelMessage? Find(long seq) => seq >= 1 && seq <= Seq ? Messages[(int)seq - 1] : null;

    internal void Turn(UserId user) => Turns[user] = Turns.GetValueOrDefault(user) + 1;

    /// <summary>Unread messages and mentions of a member (rules U1, U2).</summary>
    internal (long Unread, long Mentions) Count(UserId user)
    {
        var mine = Members[user];
        var (unread, mentions) = (0L, 0L);
        foreach (var message in Messages.Where(message => message.Seq > mine.ReadSeq))
        {
            var addsMe = message.Fact is { Kind: SystemFactKind.Added } fact && fact.Targets.Contains(user);
            if (addsMe || (message.Counts && message.Author != user))
            {
                unread++;
                mentions += addsMe || MentionsSomebody(message, user, mine) ? 1 : 0;
            }
        }

        return (unread, mentions);
    }

    internal Message SeenBy(UserId viewer, ModelMessage message) => message.SeenBy(viewer, message.ReplyTo is { } seq ? Find(seq) : null);

    internal UserId? PeerOf(UserId user) =>
        !Id.TryGetPair(out var one, out var other) ? null : one == user ? other : one;

    /// <summary>What a member has of it on the screen when everything was just read.</summary>
    internal View ViewOf(UserId user)
    {
        var mine = Members[user];
        var (unread, mentions) = Count(user);
        return new View
        {
            Id = Id,
            Kind = Kind,
            Title = Title,
            PeerId = PeerOf(user),
            PeerName = PeerOf(user) is { } peer ? Cast.NameOf(peer) : null,
            Rev = Rev,
            Seq = Seq,
            LastActivity = LastActivity,
            Level = mine.Level,
            LastMessage = LastCountable?.Preview(),
            Basis = new UnreadBasis
            {
                ReadSeq = mine.ReadSeq,
                Unread = unread,
                Mentions = mentions,
                Rev = Rev,
                ReadVersion = Turns[user],
                MutedFrom = mine.MutedFrom,
                MutedUntil = mine.MutedUntil,
            },
            Members = [.. Members.Keys],
            Messages = Messages.ToDictionary(message => message.Seq, message => SeenBy(user, message)),
        };
    }

    private bool MentionsSomebody(ModelMessage message, UserId user, ModelMembership mine)
    {
        if (Kind == ConversationKind.Direct)
        {
            return true;
        }

        var muted = mine.MutedFrom is { } from && message.Time >= from && (mine.MutedUntil is not { } until || message.Time < until);
        return message.Mentions is { } mentions
            && (mentions.Users.Contains(user) || (!muted && (mentions.All || mentions.Here.Contains(user))));
    }
}
