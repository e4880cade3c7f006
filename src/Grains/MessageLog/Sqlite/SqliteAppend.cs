using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Writes one append: first the head by compare-and-swap, then its rows.</summary>
internal sealed class SqliteAppend(AppendPlan plan, MessageLogInstruments instruments) : SqliteWork<AppendResult>
{
    private const string MoveHead =
        """
        update conversations set
            rev = $5, seq = $6,
            members_rev = coalesce($7, members_rev),
            title = coalesce($8, title),
            last_activity_at = coalesce($9, last_activity_at),
            last_message_seq = coalesce($10, last_message_seq)
        where tenant_id = $1 and conversation_id = $2 and rev = $3 and seq = $4
        """;

    private const string Create =
        """
        insert into conversations
            (tenant_id, conversation_id, kind, type, title, rev, seq, members_rev, created_by, created_at, last_activity_at, last_message_seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, $10), coalesce($12, 0))
        on conflict (tenant_id, conversation_id) do nothing
        """;

    private const string InsertMessage =
        """
        insert into messages
            (tenant_id, conversation_id, seq, rev, kind, author_id, client_id, content_hash, text, fact, created_at, stored_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (tenant_id, conversation_id, author_id, client_id) do nothing
        """;

    private const string InsertChange =
        """
        insert into changes (tenant_id, conversation_id, rev, at, kind, seq, payload, stored_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string EndMembership =
        """
        update participants set left_seq = $4, left_rev = $5, read_version = read_version + 1
        where tenant_id = $1 and conversation_id = $2 and user_id = $3 and left_seq is null
        """;

    private const string BeginMembership =
        """
        insert into participants (tenant_id, conversation_id, user_id, joined_rev, joined_seq, read_seq, read_version)
        values ($1, $2, $3, $4, $5, $6,
            1 + coalesce((select max(read_version) from participants where tenant_id = $1 and conversation_id = $2 and user_id = $3), 0))
        on conflict (tenant_id, conversation_id, user_id) where left_seq is null do nothing
        """;

    internal override int Rows => plan.Rows;

    private string Tenant => plan.Append.TenantId.Value;

    private string Conversation => plan.Append.ConversationId.Value;

    private protected override (AppendResult Answer, bool Keep) Run(SqliteSession session, long storedAt)
    {
        if (!TryTakeHead(session) || !TryInsertMessages(session, storedAt))
        {
            session.Execute(SqliteWriter.Undo);
            var duplicates = StoredCommands(session);
            return (duplicates.IsEmpty ? new AppendResult.Fenced() : new AppendResult.Duplicates(duplicates), false);
        }

        InsertChanges(session, storedAt);
        ChangeMembers(session);
        return (new AppendResult.Appended(plan.NewHead), true);
    }

    private protected override bool TryAnswerRefusal(SqliteException exception, out AppendResult answer)
    {
        answer = new AppendResult.Rejected($"SQLite error {exception.SqliteExtendedErrorCode}");
        return true;
    }

    private protected override void OnAnswered(AppendResult answer) => instruments.OnAppended(answer);

    private bool TryTakeHead(SqliteSession session)
    {
        object? lastActivity = plan.LastCountable is { } last ? StoredTime.ToMicroseconds(last.Entry.At) : null;
        object? lastMessage = plan.LastCountable?.Seq;
        if (plan.Append.Expected is { } expected)
        {
            object? membersRev = plan.MembersChange ? plan.MembersRev : null;
            return session.Execute(MoveHead, Tenant, Conversation, expected.Rev, expected.Seq,
                plan.NewHead.Rev, plan.NewHead.Seq, membersRev, plan.Title, lastActivity, lastMessage) == 1;
        }

        var creation = plan.Append.Creation!;
        return session.Execute(Create, Tenant, Conversation, (long)creation.Kind, ConversationType.Of(creation.Kind), plan.Title,
            plan.NewHead.Rev, plan.NewHead.Seq, plan.MembersRev, creation.CreatedBy.Value,
            StoredTime.ToMicroseconds(creation.CreatedAt), lastActivity, lastMessage) == 1;
    }

    private bool TryInsertMessages(SqliteSession session, long storedAt)
    {
        foreach (var message in plan.Messages)
        {
            var entry = message.Entry;
            var inserted = session.Execute(InsertMessage, Tenant, Conversation, message.Seq, message.Rev, (long)entry.Kind,
                entry.AuthorId.Value, SqliteRows.Bytes(entry.ClientId), message.Hash.ToBytes(), entry.Text, message.Fact,
                StoredTime.ToMicroseconds(entry.At), storedAt);
            if (inserted == 0)
            {
                return false;
            }
        }

        return true;
    }

    private void InsertChanges(SqliteSession session, long storedAt)
    {
        foreach (var change in plan.Changes)
        {
            session.Execute(InsertChange, Tenant, Conversation, change.Rev, StoredTime.ToMicroseconds(change.Entry.At),
                change.Entry.Kind, change.Seq, change.Entry.Payload, storedAt);
        }
    }

    private void ChangeMembers(SqliteSession session)
    {
        foreach (var end in plan.Ends)
        {
            session.Execute(EndMembership, Tenant, Conversation, end.UserId.Value, end.LeftSeq, plan.MembersRev);
        }

        foreach (var begin in plan.Begins)
        {
            session.Execute(BeginMembership, Tenant, Conversation, begin.UserId.Value, plan.MembersRev, begin.JoinedSeq, begin.ReadSeq);
        }
    }

    private ImmutableArray<StoredCommand> StoredCommands(SqliteSession session) =>
        SqliteRows.FindCommands(
            session,
            plan.Append.TenantId,
            plan.Append.ConversationId,
            plan.Messages.Select(message => new CommandId(message.Entry.AuthorId, message.Entry.ClientId)));
}
