using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Identity;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Makes the system messages that commands cause (rule C14).</summary>
internal static class Facts
{
    internal static MessageEntry Entry(ConversationCommand command, SystemFact fact, DateTimeOffset now) => new()
    {
        At = now,
        Kind = MessageKind.System,
        AuthorId = command.Id.AuthorId,
        ClientId = command.Id.ClientId,
        Text = string.Empty,
        Fact = fact,
        Command = command.Content,
    };

    internal static Func<long, long, ConversationChange> Change(ConversationCommand command, SystemFact fact, DateTimeOffset now) =>
        (seq, rev) => new ConversationChange
        {
            Rev = rev,
            Posted = new Message
            {
                Seq = seq,
                Rev = rev,
                Kind = MessageKind.System,
                AuthorId = command.Id.AuthorId,
                AuthorName = command.Caller.Name,
                ClientId = command.Id.ClientId,
                Text = string.Empty,
                Time = now,
                Fact = fact,
            },
        };

    /// <summary>An audit row of a membership act, with whom it concerned.</summary>
    internal static AuditEntry Audit(ConversationCommand command, string action, DateTimeOffset now, params IEnumerable<UserId> targets) => new()
    {
        At = now,
        ActorId = command.Id.AuthorId,
        Action = action,
        Details = $"{{\"targets\":{StoredMentions.WriteUsers([.. targets]) ?? "[]"}}}",
    };
}
