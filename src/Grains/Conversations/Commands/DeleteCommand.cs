using System.Globalization;
using OrleansChat.Conversations;
using OrleansChat.Grains.MessageLog;
using OrleansChat.Tenants;

namespace OrleansChat.Grains.Conversations.Commands;

/// <summary>Makes a tombstone of a message: one's own, or any with the permission (rule M10).</summary>
internal sealed class DeleteCommand(DeleteMessage delete)
    : ConversationCommand(delete.Caller, delete.ClientId, ContentHash.OfCommand("delete", delete.Seq.ToString(CultureInfo.InvariantCulture)))
{
    internal override async ValueTask<Decision> DecideAsync(DecisionContext context)
    {
        if (context.State is not { } state || !state.Members.Contains(Caller.UserId))
        {
            return Refuse(CommandRefusal.NotFound);
        }

        if (await context.ReadMessageAsync(delete.Seq) is not { Kind: MessageKind.Text } message)
        {
            return Refuse(CommandRefusal.MessageNotFound);
        }

        if (!ConversationRules.Has(Caller, message.AuthorId == Caller.UserId ? ChatPermissions.Use : ChatPermissions.DeleteAny))
        {
            return Refuse(CommandRefusal.Forbidden);
        }

        if (message.DeletedAt is not null)
        {
            return new Decision.Nothing(delete.Seq);
        }

        var last = message.Seq == state.LastMessageSeq ? await LastBelowAsync(context, message.Seq, state.CreatedAt) : null;
        return Write(message, last, context.Now);
    }

    /// <summary>What the chat list shows once the last message is gone.</summary>
    internal static async Task<NewLast> LastBelowAsync(DecisionContext context, long seq, DateTimeOffset createdAt)
    {
        var message = await context.Log.ReadLastCountableAsync(context.Key.TenantId, context.Key.ConversationId, seq, CancellationToken.None);
        return new NewLast(message, message?.Time ?? createdAt);
    }

    private Decision.Write Write(Message message, NewLast? last, DateTimeOffset now) => new()
    {
        AnswerSeq = message.Seq,
        Entry = new ChangeEntry
        {
            At = now,
            Kind = StoredChange.Deleted,
            Payload = StoredChange.WriteDeleted(message.Mentions),
            CommandId = Id,
            Command = Content,
            MessageSeq = message.Seq,
            Revision = new MessageRevision
            {
                Version = message.Version + 1,
                Text = string.Empty,
                NotMentioned = message.Mentions?.Users ?? [],
                DeletedBy = Caller.UserId,
            },
        },
        LastCountable = last is null ? null : (last.Message?.Seq ?? 0, last.Activity),
        Audits =
        [
            new AuditEntry
            {
                At = now,
                ActorId = Caller.UserId,
                Action = "message.deleted",
                Details = string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{message.Seq}}}"),
            },
        ],
        Apply = (state, _, _) => last is null ? state : state with { LastMessageSeq = last.Message?.Seq ?? 0 },
        Change = (_, rev) => new ConversationChange
        {
            Rev = rev,
            Deleted = new MessageDeleted
            {
                Seq = message.Seq,
                AuthorId = message.AuthorId,
                DeletedAt = now,
                PostedAt = message.Time,
                Before = message.Mentions,
                LastMessage = last?.Message,
                LastActivity = last?.Activity,
            },
        },
    };

    internal sealed record NewLast(Message? Message, DateTimeOffset Activity);
}
