using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations;

/// <summary>Whom a text mentions in a conversation, and who may do so (rules C6, N1, N3, N4, M9); pure.</summary>
internal static class MentionRules
{
    /// <param name="text">What the text says.</param>
    /// <param name="online">Who is online now; only of people whom the text could mean.</param>
    /// <param name="before">Whom an edited message mentions now; null for a post. Whom @here meant stays as it was.</param>
    /// <param name="author">Who writes; never mentions themselves.</param>
    /// <param name="state">The conversation.</param>
    /// <param name="confirmed">Whether the author knows how many a wide mention reaches.</param>
    /// <param name="options">Bounds.</param>
    /// <returns>The mentions (null for nobody) and the people named who are no members, or the refusal.</returns>
    internal static (MentionSet? Mentions, ImmutableArray<UserId> NotMembers, CommandResult? Refusal) Decide(
        MentionText text, FrozenSet<UserId> online, Message? before, Caller author, ConversationState state, bool confirmed, ConversationOptions options)
    {
        if (text.Users.Length > options.MentionsMax)
        {
            return Refuse(CommandRefusal.TooManyMentions);
        }

        ImmutableArray<UserId> others = [.. text.Users.Where(user => user != author.UserId)];
        ImmutableArray<UserId> notMembers = [.. others.Where(user => !state.Members.Contains(user))];
        var mentions = new MentionSet { Users = notMembers.IsEmpty ? others : others.RemoveRange(notMembers) };
        if (state.Kind != ConversationKind.Group)
        {
            return (mentions.IsEmpty ? null : mentions, notMembers, null);
        }

        mentions = mentions with { All = text.All, Here = text.Here ? Here(online, before, author, state) : [] };
        var added = (text.All && before?.Mentions is not { All: true }) || (text.Here && before is null);
        if (!added)
        {
            return (mentions.IsEmpty ? null : mentions, notMembers, null);
        }

        if (!MayMentionWidely(state, author, options))
        {
            return Refuse(CommandRefusal.WideMentionForbidden);
        }

        if (before is null && mentions.Here.Length > options.HereMax)
        {
            return Refuse(CommandRefusal.TooManyMentions);
        }

        var recipients = text.All ? state.Members.Count - 1 : mentions.Here.Length;
        return recipients > options.WideMentionUnconfirmedMax && !confirmed
            ? (null, [], new CommandResult { Refusal = CommandRefusal.ConfirmationNeeded, Recipients = recipients })
            : (mentions.IsEmpty ? null : mentions, notMembers, null);
    }

    /// <summary>Whether somebody may use @all and @here in a group of this size (rules C6, N3).</summary>
    internal static bool MayMentionWidely(ConversationState state, Caller author, ConversationOptions options) =>
        state.Members.Count <= options.WideMentionFreeMax || author.Permissions.HasFlag(ChatPermissions.MentionAll);

    private static ImmutableArray<UserId> Here(FrozenSet<UserId> online, Message? before, Caller author, ConversationState state) =>
        before is null
            ? [.. online.Where(user => user != author.UserId && state.Members.Contains(user)).OrderBy(user => user.Value, StringComparer.Ordinal)]
            : before.Mentions?.Here ?? [];

    private static (MentionSet? Mentions, ImmutableArray<UserId> NotMembers, CommandResult? Refusal) Refuse(CommandRefusal refusal) =>
        (null, [], new CommandResult { Refusal = refusal });
}
