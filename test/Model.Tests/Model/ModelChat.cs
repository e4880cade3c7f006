using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Tenants;

namespace OrleansChat.Model.Tests.Model;

/// <summary>
/// One tenant's chat in plain memory, as the semantics say it: what every command answers and changes. Shares nothing with
/// the product but the contract's types and ids.
/// </summary>
/// <param name="tenant">Whose.</param>
/// <param name="clock">Server time.</param>
internal sealed partial class ModelChat(TenantId tenant, Func<DateTimeOffset> clock)
{
    internal Dictionary<ConversationId, ModelConversation> Conversations { get; } = [];

    internal TenantId Tenant => tenant;

    internal ModelConversation? Of(ConversationId id) => Conversations.GetValueOrDefault(id);

    /// <summary>The conversations of a member.</summary>
    internal IEnumerable<ModelConversation> ConversationsOf(UserId user) => Conversations.Values.Where(conversation => conversation.Members.ContainsKey(user));

    /// <summary>Whole microseconds: what the server keeps.</summary>
    private DateTimeOffset Now
    {
        get
        {
            var now = clock();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    internal CommandResult Post(Caller caller, ConversationId id, Guid clientId, Words words, long? replyTo, bool confirmed)
    {
        if (caller.TenantId != tenant)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (RefuseText(words) is { } invalid)
        {
            return Refuse(invalid);
        }

        var conversation = Of(id);
        if (!(conversation is null ? IsOfPair(id, caller.UserId) : conversation.Members.ContainsKey(caller.UserId)))
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"post {replyTo} {words.Kept}";
        if (Repeated(conversation, caller, clientId, content) is { } repeated)
        {
            return repeated;
        }

        if (!MayWrite(conversation, caller, id))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (id.TryGetPair(out var one, out var other) && RefusePair(conversation, caller.UserId, one, other) is { } notToThem)
        {
            return Refuse(notToThem);
        }

        var created = conversation ?? NewDirect(id);
        var (mentions, strangers, refused) = Mention(words, created, caller, before: null, isPost: true, confirmed);
        if (refused is not null)
        {
            return refused;
        }

        if (replyTo is { } seq && created.Find(seq) is not { IsText: true })
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        Conversations.TryAdd(id, created);
        var message = Append(created, caller, clientId, null, replyTo);
        message.Texts.Add((words.Kept, message.Time));
        message.Mentions = mentions;
        return Done(created, caller, clientId, content, message.Seq) with { NotMembers = strangers };
    }

    internal CommandResult Edit(Caller caller, ConversationId id, Guid clientId, long seq, int version, Words words, bool confirmed)
    {
        if (caller.TenantId != tenant)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (RefuseText(words) is { } invalid)
        {
            return Refuse(invalid);
        }

        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"edit {seq} {version} {words.Kept}";
        if (Repeated(conversation, caller, clientId, content) is { } repeated)
        {
            return repeated;
        }

        if (conversation.Find(seq) is not { IsText: true } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (message.Author != caller.UserId || !MayWrite(conversation, caller, id))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (message.DeletedAt is not null)
        {
            return Refuse(CommandRefusal.MessageDeleted);
        }

        if (message.Version != version)
        {
            return Refuse(CommandRefusal.VersionStale) with { Version = message.Version };
        }

        if (message.Text == words.Kept)
        {
            return Nothing(conversation, seq);
        }

        var (mentions, strangers, refused) = Mention(words, conversation, caller, message.Mentions, isPost: false, confirmed);
        if (refused is not null)
        {
            return refused;
        }

        message.Texts.Add((words.Kept, Now));
        message.Mentions = mentions;
        Unmention(conversation, message);
        Change(conversation, ChangeKind.Edited, seq);
        return Done(conversation, caller, clientId, content, seq) with { NotMembers = strangers, Version = message.Version };
    }

    internal CommandResult Delete(Caller caller, ConversationId id, Guid clientId, long seq)
    {
        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"delete {seq}";
        if (Repeated(conversation, caller, clientId, content) is { } repeated)
        {
            return repeated;
        }

        if (conversation.Find(seq) is not { IsText: true } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (message.Author != caller.UserId && !Has(caller, ChatPermissions.DeleteAny))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (message.DeletedAt is not null)
        {
            return Nothing(conversation, seq);
        }

        message.DeletedAt = Now;
        message.Mentions = null;
        Unmention(conversation, message);
        Change(conversation, ChangeKind.Deleted, seq);
        return Done(conversation, caller, clientId, content, seq);
    }

    internal CommandResult React(Caller caller, ConversationId id, Guid clientId, long seq, string emoji, bool isEmoji, bool add)
    {
        if (caller.TenantId != tenant)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (!isEmoji)
        {
            return Refuse(CommandRefusal.EmojiInvalid);
        }

        if (Member(caller, id) is not { } conversation)
        {
            return Refuse(CommandRefusal.NotFound);
        }

        var content = $"react {add} {seq} {emoji}";
        if (Repeated(conversation, caller, clientId, content) is { } repeated)
        {
            return repeated;
        }

        if (!MayWrite(conversation, caller, id))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (conversation.Find(seq) is not { IsText: true } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (message.DeletedAt is not null)
        {
            return Refuse(CommandRefusal.MessageDeleted);
        }

        if (message.Reactions.Contains((emoji, caller.UserId)) == add)
        {
            return Nothing(conversation, seq);
        }

        if (add && id.TryGetPair(out var one, out var other) && RefusePair(conversation, caller.UserId, one, other) is { } notToThem)
        {
            return Refuse(notToThem);
        }

        var emojis = message.Reactions.Select(reaction => reaction.Emoji).ToHashSet();
        if (add && !emojis.Contains(emoji) && emojis.Count >= Bounds.ReactionsMax)
        {
            return Refuse(CommandRefusal.TooManyReactions);
        }

        if (add)
        {
            message.Reactions.Add((emoji, caller.UserId));
        }
        else
        {
            message.Reactions.Remove((emoji, caller.UserId));
        }

        Change(conversation, ChangeKind.Reacted, seq);
        return Done(conversation, caller, clientId, content, seq);
    }

    /// <summary>Whether somebody may do something; nobody may anything without the right to use the chat (rule R1).</summary>
    private static bool Has(Caller caller, ChatPermissions permission) =>
        caller.Permissions.HasFlag(ChatPermissions.Use) && caller.Permissions.HasFlag(permission);

    /// <summary>Rule R2: starting and answering a direct conversation are two rights; in groups every member writes.</summary>
    private static bool MayWrite(ModelConversation? conversation, Caller caller, ConversationId id) => !id.IsDirect
        ? Has(caller, ChatPermissions.Use)
        : Has(caller, ChatPermissions.DirectStart) || (conversation is not null && Has(caller, ChatPermissions.DirectReply));

    private static bool IsOfPair(ConversationId id, UserId user) => id.TryGetPair(out var one, out var other) && (user == one || user == other);

    private static CommandRefusal? RefuseText(Words words) =>
        words.Text.Contains('\0', StringComparison.Ordinal) ? CommandRefusal.TextInvalid
        : string.IsNullOrWhiteSpace(words.Text) ? CommandRefusal.TextEmpty
        : words.Kept.EnumerateRunes().Count() > Bounds.TextScalarsMax ? CommandRefusal.TextTooLong
        : null;

    /// <summary>Both must be known and active before the first message; afterwards the other must be active (rule C13).</summary>
    private CommandRefusal? RefusePair(ModelConversation? conversation, UserId author, UserId one, UserId other) =>
        conversation is null
            ? Find(one) is { Active: true } && Find(other) is { Active: true } ? null : CommandRefusal.NotFound
            : new[] { one, other }.Any(user => user != author && Find(user) is { Active: false }) ? CommandRefusal.PeerInactive : null;

    private static CommandResult Refuse(CommandRefusal refusal) => new() { Refusal = refusal };

    /// <summary>Rules M3: the same command again is answered as the first time, whatever has become of it.</summary>
    private static CommandResult? Repeated(ModelConversation? conversation, Caller caller, Guid clientId, string content) =>
        conversation?.Answers.GetValueOrDefault((caller.UserId, clientId)) is not { } answer ? null
        : answer.Content != content ? Refuse(CommandRefusal.ClientIdReused)
        : new CommandResult { Seq = answer.Seq, Rev = answer.Rev, Time = answer.Time, Duplicate = true };

    private static void Change(ModelConversation conversation, ChangeKind kind, long seq, params IEnumerable<UserId> alsoHeard) =>
        conversation.Changes.Add(new ModelChange(kind, seq, [.. conversation.Members.Keys, .. alsoHeard]));

    /// <summary>Whom a text mentions there (rules C6, N1, N3, N4, M9). An edit leaves whom @here meant, and means nobody where it adds it.</summary>
    private (MentionSet? Mentions, ImmutableArray<UserId> Strangers, CommandResult? Refused) Mention(
        Words words, ModelConversation conversation, Caller author, MentionSet? before, bool isPost, bool confirmed)
    {
        var people = words.People.ToArray();
        if (people.Length > Bounds.MentionsMax)
        {
            return (null, [], Refuse(CommandRefusal.TooManyMentions));
        }

        var others = people.Where(user => user != author.UserId).ToArray();
        ImmutableArray<UserId> strangers = [.. others.Where(user => !conversation.Members.ContainsKey(user))];
        var isGroup = conversation.Kind == ConversationKind.Group;
        var mentions = new MentionSet { Users = [.. others.Except(strangers)], All = isGroup && words.All };
        if (isGroup && words.Here)
        {
            mentions = mentions with { Here = isPost ? OnlineIn(conversation, author.UserId) : before?.Here ?? [] };
        }

        var isNew = isGroup && ((mentions.All && before is not { All: true }) || (isPost && words.Here));
        if (isNew && conversation.Members.Count > Bounds.WideMentionFreeMax && !author.Permissions.HasFlag(ChatPermissions.MentionAll))
        {
            return (null, [], Refuse(CommandRefusal.WideMentionForbidden));
        }

        if (isNew && isPost && mentions.Here.Length > Bounds.HereMax)
        {
            return (null, [], Refuse(CommandRefusal.TooManyMentions));
        }

        var reached = mentions.All ? conversation.Members.Count - 1 : mentions.Here.Length;
        return isNew && reached > Bounds.WideMentionUnconfirmedMax && !confirmed
            ? (null, [], Refuse(CommandRefusal.ConfirmationNeeded) with { Recipients = reached })
            : (mentions.IsEmpty ? null : mentions, strangers, null);
    }

    /// <summary>Who is mentioned no more was never done with it.</summary>
    private static void Unmention(ModelConversation conversation, ModelMessage message) =>
        conversation.Done.RemoveWhere(done => done.Seq == message.Seq && message.Mentions?.Users.Contains(done.User) != true);

    private ModelConversation? Member(Caller caller, ConversationId id) =>
        caller.TenantId == tenant && Of(id) is { } conversation && conversation.Members.ContainsKey(caller.UserId) ? conversation : null;

    private ModelConversation NewDirect(ConversationId id)
    {
        var conversation = new ModelConversation { Id = id, Kind = ConversationKind.Direct, CreatedAt = Now };
        id.TryGetPair(out var one, out var other);
        foreach (var user in new[] { one, other }.Distinct())
        {
            conversation.Members.Add(user, new ModelMembership { ReadSeq = 0, JoinedSeq = 1 });
            conversation.Turn(user);
        }

        return conversation;
    }

    private ModelMessage Append(
        ModelConversation conversation, Caller caller, Guid clientId, SystemFact? fact, long? replyTo = null, params IEnumerable<UserId> alsoHeard)
    {
        var message = new ModelMessage
        {
            Seq = conversation.Seq + 1,
            Rev = conversation.Rev + 1,
            Author = caller.UserId,
            ClientId = clientId,
            Time = Now,
            Fact = fact,
            ReplyTo = replyTo,
        };
        conversation.Messages.Add(message);
        Change(conversation, ChangeKind.Posted, message.Seq, alsoHeard);
        return message;
    }

    private CommandResult Nothing(ModelConversation conversation, long seq = 0) => new() { Seq = seq, Rev = conversation.Rev, Time = Now };

    private CommandResult Done(ModelConversation conversation, Caller caller, Guid clientId, string content, long seq)
    {
        var answer = new ModelAnswer(content, seq, conversation.Rev, Now);
        conversation.Answers.Add((caller.UserId, clientId), answer);
        return new CommandResult { Seq = answer.Seq, Rev = answer.Rev, Time = answer.Time };
    }
}
