using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
using OrleansChat.Search;
using OrleansChat.Tenants;

namespace OrleansChat.Gateway.Wire;

/// <summary>Contracts to wire types. The names of enum values on the wire are literals here.</summary>
internal static class WireMapping
{
    internal static WireMessage ToWire(this Message message) => new()
    {
        Seq = message.Seq,
        Rev = message.Rev,
        Kind = message.Kind switch
        {
            MessageKind.Text => "text",
            MessageKind.System => "system",
        },
        Author = new WireAuthor { UserId = message.AuthorId.Value, Name = message.AuthorName },
        ClientId = message.ClientId,
        Text = message.Text,
        Time = message.Time,
        Fact = message.Fact is { } fact ? fact.ToWire() : null,
        Version = message.Version,
        EditedAt = message.EditedAt,
        DeletedAt = message.DeletedAt,
        Mentions = message.Mentions?.ToWire(),
        ReplyTo = message.ReplyTo is { } quote
            ? new WireQuote
            {
                Seq = quote.Seq,
                Author = new WireAuthor { UserId = quote.AuthorId.Value, Name = quote.AuthorName },
                Text = quote.Text,
                Deleted = quote.Deleted,
            }
            : null,
        Reactions = message.Reactions.IsDefaultOrEmpty ? null : message.Reactions.ConvertAll(ToWire),
    };

    internal static WireReaction ToWire(this Reaction reaction) => new()
    {
        Emoji = reaction.Emoji,
        Count = reaction.Count,
        Users = reaction.Users.ToWire(),
        Mine = reaction.Mine,
    };

    internal static WireMentions ToWire(this MentionSet mentions) =>
        new() { Users = mentions.Users.ToWire(), All = mentions.All, Here = mentions.Here.ToWire() };

    internal static string[] ToWire(this ImmutableArray<UserId> users) => users.ConvertAll(user => user.Value);

    internal static WireVersion ToWire(this MessageVersion version) =>
        new() { Version = version.Version, Text = version.Text, Time = version.Time };

    internal static IReadOnlyList<WireMessage> ToWire(this ImmutableArray<Message> messages) => messages.ConvertAll(ToWire);

    internal static WireHead ToWire(this Head head) => new() { Rev = head.Rev, Seq = head.Seq };

    internal static WireUnread ToWire(this UnreadBasis basis) => new()
    {
        ReadSeq = basis.ReadSeq,
        Unread = basis.Unread,
        Mentions = basis.Mentions,
        Rev = basis.Rev,
        ReadVersion = basis.ReadVersion,
        MutedFrom = basis.MutedFrom,
        MutedUntil = basis.MutedUntil,
    };

    internal static WireConversation ToWire(this InboxRow row) => new()
    {
        Id = row.ConversationId.Value,
        Kind = row.Kind.ToWire(),
        Title = row.Title,
        Peer = row.PeerId is { } peer ? new WireAuthor { UserId = peer.Value, Name = row.PeerName ?? peer.Value } : null,
        Head = row.Head.ToWire(),
        LastActivity = row.LastActivity,
        LastMessage = row.LastMessage?.ToWire(),
        Unread = row.Basis.ToWire(),
        Level = row.Level.ToWire(),
    };

    internal static string ToWire(this ConversationKind kind) => kind switch
    {
        ConversationKind.Direct => "direct",
        ConversationKind.Group => "group",
        ConversationKind.Notes => "notes",
        ConversationKind.Contact => "contact",
    };

    internal static WireFoundMessage ToWire(this FoundMessage found) => new()
    {
        ConversationId = found.ConversationId.Value,
        Kind = found.Kind.ToWire(),
        Title = found.Title,
        Message = found.Message.ToWire(),
    };

    internal static WireSyncedConversation ToWire(this SyncedConversation synced) => new()
    {
        Id = synced.ConversationId.Value,
        Status = synced switch
        {
            { Row: null } => "gone",
            { Reset: true } => "reset",
            _ => "changes",
        },
        Conversation = synced.Row?.ToWire(),
        Changes = synced is { Row: not null, Reset: false } ? synced.Changes.ConvertAll(ToWire) : null,
    };

    internal static WirePerson ToWire(this Person person) =>
        new() { UserId = person.UserId.Value, Name = person.Name, Role = person.Role.ToWire() };

    internal static WireMember ToMember(this Person person) =>
        new() { UserId = person.UserId.Value, Name = person.Name, Role = person.Role.ToWire(), Active = person.Active };

    internal static WireFoundPerson ToFound(this Person person, UserId viewer) => new()
    {
        UserId = person.UserId.Value,
        Name = person.Name,
        Role = person.Role.ToWire(),
        ConversationId = Identity.ConversationId.Direct(viewer, person.UserId).Value,
        Restricted = !person.Permissions.HasFlag(ChatPermissions.Use),
    };

    internal static string ToWire(this Role role) => role switch
    {
        Role.Agent => "agent",
        Role.Supervisor => "supervisor",
        Role.Admin => "admin",
        Role.Owner => "owner",
    };

    /// <summary>The role of this name; null for a name that is none.</summary>
    internal static Role? RoleOf(string? name) => name switch
    {
        "agent" => Role.Agent,
        "supervisor" => Role.Supervisor,
        "admin" => Role.Admin,
        "owner" => Role.Owner,
        _ => null,
    };

    /// <summary>A change as the event that tells it.</summary>
    internal static (string EventName, object Payload) ToEvent(this ConversationChange change, ConversationId conversation)
    {
        var (id, rev) = (conversation.Value, change.Rev);
        object payload = change.Kind switch
        {
            ChangeKind.Posted => new MessagePostedEvent { ConversationId = id, Rev = rev, Message = change.Posted!.ToWire() },
            ChangeKind.Edited => new MessageEditedEvent { ConversationId = id, Rev = rev, Edited = change.Edited!.ToWire() },
            ChangeKind.Deleted => new MessageDeletedEvent { ConversationId = id, Rev = rev, Deleted = change.Deleted!.ToWire() },
            ChangeKind.Reacted => new ReactionChangedEvent { ConversationId = id, Rev = rev, Reacted = change.Reacted!.ToWire() },
            ChangeKind.Unknown => new ChangedEvent { ConversationId = id, Rev = rev },
        };
        return (NameOf(change.Kind), payload);
    }

    private static WireChange ToWire(ConversationChange change) => new()
    {
        Type = NameOf(change.Kind),
        Rev = change.Rev,
        Message = change.Posted?.ToWire(),
        Edited = change.Edited?.ToWire(),
        Deleted = change.Deleted?.ToWire(),
        Reacted = change.Reacted?.ToWire(),
    };

    private static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Posted => EventNames.MessagePosted,
        ChangeKind.Edited => EventNames.MessageEdited,
        ChangeKind.Deleted => EventNames.MessageDeleted,
        ChangeKind.Reacted => EventNames.ReactionChanged,
        ChangeKind.Unknown => EventNames.Changed,
    };

    private static WireRevision ToWire(this MessageEdited edited) => new()
    {
        Seq = edited.Seq,
        AuthorId = edited.AuthorId.Value,
        Version = edited.Version,
        Text = edited.Text,
        EditedAt = edited.EditedAt,
        PostedAt = edited.PostedAt,
        MentionsBefore = edited.Before?.ToWire(),
        Mentions = edited.After?.ToWire(),
    };

    private static WireDeletion ToWire(this MessageDeleted deleted) => new()
    {
        Seq = deleted.Seq,
        AuthorId = deleted.AuthorId.Value,
        DeletedAt = deleted.DeletedAt,
        PostedAt = deleted.PostedAt,
        MentionsBefore = deleted.Before?.ToWire(),
        LastMessage = deleted.LastMessage?.ToWire(),
        LastActivity = deleted.LastActivity,
    };

    private static WireReactionChange ToWire(this ReactionChanged reacted) => new()
    {
        Seq = reacted.Seq,
        UserId = reacted.UserId.Value,
        Emoji = reacted.Emoji,
        Added = reacted.Added,
        Count = reacted.Count,
        Users = reacted.Users.ToWire(),
    };

    private static WireFact ToWire(this SystemFact fact) => new()
    {
        Kind = fact.Kind switch
        {
            SystemFactKind.Created => "created",
            SystemFactKind.Added => "added",
            SystemFactKind.Removed => "removed",
            SystemFactKind.Left => "left",
            SystemFactKind.Renamed => "renamed",
            SystemFactKind.RetentionChanged => "retention-changed",
        },
        Targets = fact.Targets.ToWire(),
        Before = fact.Before,
        After = fact.After,
    };

    private static T[] ConvertAll<TSource, T>(this ImmutableArray<TSource> source, Func<TSource, T> convert)
    {
        var converted = new T[source.Length];
        for (var i = 0; i < converted.Length; i++)
        {
            converted[i] = convert(source[i]);
        }

        return converted;
    }
}
