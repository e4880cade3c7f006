using System.Collections.Immutable;
using OrleansChat.Conversations;
using OrleansChat.Identity;
using OrleansChat.Inbox;
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
    };

    internal static IReadOnlyList<WireMessage> ToWire(this ImmutableArray<Message> messages) => messages.ConvertAll(ToWire);

    internal static WireHead ToWire(this Head head) => new() { Rev = head.Rev, Seq = head.Seq };

    internal static WireUnread ToWire(this UnreadBasis basis) => new()
    {
        ReadSeq = basis.ReadSeq,
        Unread = basis.Unread,
        Mentions = basis.Mentions,
        Rev = basis.Rev,
        ReadVersion = basis.ReadVersion,
    };

    internal static WireConversation ToWire(this InboxRow row) => new()
    {
        Id = row.ConversationId.Value,
        Kind = row.Kind switch
        {
            ConversationKind.Direct => "direct",
            ConversationKind.Group => "group",
            ConversationKind.Notes => "notes",
            ConversationKind.Contact => "contact",
        },
        Title = row.Title,
        Peer = row.PeerId is { } peer ? new WireAuthor { UserId = peer.Value, Name = row.PeerName ?? peer.Value } : null,
        Head = row.Head.ToWire(),
        LastActivity = row.LastActivity,
        LastMessage = row.LastMessage?.ToWire(),
        Unread = row.Basis.ToWire(),
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

    internal static WireFoundPerson ToFound(this Person person, UserId viewer) => new()
    {
        UserId = person.UserId.Value,
        Name = person.Name,
        Role = person.Role.ToWire(),
        ConversationId = Identity.ConversationId.Direct(viewer, person.UserId).Value,
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
    internal static (string EventName, object Payload) ToEvent(this ConversationChange change, ConversationId conversation) =>
        change.Posted is { } message
            ? (EventNames.MessagePosted, new MessagePostedEvent { ConversationId = conversation.Value, Rev = change.Rev, Message = message.ToWire() })
            : (EventNames.Changed, new ChangedEvent { ConversationId = conversation.Value, Rev = change.Rev });

    private static WireChange ToWire(ConversationChange change) => new()
    {
        Type = change.Posted is null ? EventNames.Changed : EventNames.MessagePosted,
        Rev = change.Rev,
        Message = change.Posted?.ToWire(),
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
        Targets = fact.Targets.ConvertAll(target => target.Value),
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
