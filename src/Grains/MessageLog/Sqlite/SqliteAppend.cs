using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Identity;

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
            (tenant_id, conversation_id, kind, type, title, rev, seq, members_rev, created_by, created_at, last_activity_at, last_message_seq,
             number)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, $10), coalesce($12, 0),
            (select coalesce(max(number), 0) + 1 from conversation_heads))
        on conflict (tenant_id, conversation_id) do nothing
        """;

    private const string InsertMessage =
        """
        insert into messages
            (tenant_id, conversation_id, seq, rev, kind, author_id, client_id, content_hash, text, fact, created_at, stored_at,
             mentions, reply_to_seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict (tenant_id, conversation_id, author_id, client_id) do nothing
        """;

    private const string InsertChange =
        """
        insert into changes (tenant_id, conversation_id, rev, at, kind, seq, payload, stored_at, message_seq, author_id, client_id, content_hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string IsStoredChange =
        "select exists (select 1 from changes where tenant_id = $1 and conversation_id = $2 and author_id = $3 and client_id = $4)";

    private const string IsStoredMessage =
        "select exists (select 1 from messages where tenant_id = $1 and conversation_id = $2 and author_id = $3 and client_id = $4)";

    private const string KeepVersion =
        """
        insert into message_versions (tenant_id, conversation_id, seq, version, text, mentions, written_at)
        select tenant_id, conversation_id, seq, version, text, mentions, coalesce(edited_at, created_at) from messages
        where tenant_id = $1 and conversation_id = $2 and seq = $3
        """;

    private const string DropVersions = "delete from message_versions where tenant_id = $1 and conversation_id = $2 and seq = $3";

    private const string Revise =
        """
        update messages set
            version = $4, text = $5, first_mentions = coalesce(first_mentions, mentions, '{}'), mentions = $6,
            edited_at = coalesce($7, edited_at), deleted_at = coalesce($8, deleted_at), deleted_by = coalesce($9, deleted_by)
        where tenant_id = $1 and conversation_id = $2 and seq = $3
        """;

    private const string Mention = "insert into mentions (tenant_id, user_id, conversation_id, seq) values ($1, $4, $2, $3)";

    private const string MentionNoMore = "delete from mentions where tenant_id = $1 and user_id = $4 and conversation_id = $2 and seq = $3";

    private const string React =
        "insert into reactions (tenant_id, conversation_id, seq, emoji, user_id, rev) values ($1, $2, $3, $4, $5, $6)";

    private const string SetReacted = "update messages set reacted = 1 where tenant_id = $1 and conversation_id = $2 and seq = $3";

    private const string TakeBack =
        "delete from reactions where tenant_id = $1 and conversation_id = $2 and seq = $3 and emoji = $4 and user_id = $5";

    private const string KeepTitle =
        """
        insert into former_titles (tenant_id, conversation_id, rev, title)
        select tenant_id, conversation_id, $3, title from conversations where tenant_id = $1 and conversation_id = $2 and title <> $4
        """;

    private const string Audit =
        "insert into audit (tenant_id, id, at, actor_id, action, conversation_id, details) values ($1, $2, $3, $4, $5, $6, $7)";


    private const string EndMembership =
        """
        update participants set left_seq = $4, left_rev = $5, read_version = read_version + 1
        where tenant_id = $1 and conversation_id = $2 and user_id = $3 and left_seq is null
        """;

    private const string BeginMembership =
        """
        insert into participants (tenant_id, conversation_id, user_id, joined_rev, joined_seq, read_seq, read_version, conversation_number)
        values ($1, $2, $3, $4, $5, $6,
            1 + coalesce((select max(read_version) from participants where tenant_id = $1 and conversation_id = $2 and user_id = $3), 0),
            (select number from conversations where tenant_id = $1 and conversation_id = $2))
        on conflict (tenant_id, conversation_id, user_id) where left_seq is null do nothing
        """;

    internal override int Rows => plan.Rows;

    private string Tenant => plan.Append.TenantId.Value;

    private string Conversation => plan.Append.ConversationId.Value;

    private protected override (AppendResult Answer, bool Keep) Run(SqliteSession session, long storedAt)
    {
        if (AnyCommandIsStored(session) || !TryTakeHead(session) || !TryInsertMessages(session, storedAt))
        {
            session.Execute(SqliteWriter.Undo);
            var duplicates = StoredCommands(session);
            return (duplicates.IsEmpty ? new AppendResult.Fenced() : new AppendResult.Duplicates(duplicates), false);
        }

        InsertChanges(session, storedAt);
        ChangeMembers(session);
        if (plan.Append.Retention is { } retention)
        {
            session.Execute(RetentionSql.Set, Tenant, Conversation, (long?)retention.Days, retention.LegalHold ? 1L : 0L);
        }

        WriteAudits(session);
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
        object? lastActivity = plan.LastCountable is { } last ? StoredTime.ToMicroseconds(last.At) : null;
        object? lastMessage = plan.LastCountable?.Seq;
        if (plan.Append.Expected is { } expected)
        {
            object? membersRev = plan.MembersChange ? plan.MembersRev : null;
            if (plan.Title is { } title)
            {
                session.Execute(KeepTitle, Tenant, Conversation, plan.NewHead.Rev, title); // Undone with the rest when the head is another.
            }

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
                StoredTime.ToMicroseconds(entry.At), storedAt, message.Mentions, entry.ReplyTo);
            if (inserted == 0)
            {
                return false;
            }

            foreach (var user in entry.Mentions?.Users ?? [])
            {
                session.Execute(Mention, Tenant, Conversation, message.Seq, user.Value);
            }
        }

        return true;
    }

    /// <summary>Whether a command was stored as a change, or one of a change as a message; messages among themselves are found by inserting them.</summary>
    private bool AnyCommandIsStored(SqliteSession session)
    {
        foreach (var message in plan.Messages)
        {
            if (IsStored(session, IsStoredChange, message.Entry.AuthorId, message.Entry.ClientId))
            {
                return true;
            }
        }

        foreach (var change in plan.Changes)
        {
            if (change.Entry.CommandId is { } command
                && (IsStored(session, IsStoredChange, command.AuthorId, command.ClientId) || IsStored(session, IsStoredMessage, command.AuthorId, command.ClientId)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsStored(SqliteSession session, string sql, UserId author, Guid clientId) =>
        session.Number(sql, Tenant, Conversation, author.Value, SqliteRows.Bytes(clientId)) == 1;

    private void InsertChanges(SqliteSession session, long storedAt)
    {
        foreach (var change in plan.Changes)
        {
            var entry = change.Entry;
            session.Execute(InsertChange, Tenant, Conversation, change.Rev, StoredTime.ToMicroseconds(entry.At),
                entry.Kind, change.Seq, entry.Payload, storedAt, entry.MessageSeq, entry.CommandId?.AuthorId.Value,
                entry.CommandId is { } command ? SqliteRows.Bytes(command.ClientId) : null,
                entry.CommandId is null ? null : entry.Command.ToBytes());
            if (entry.Revision is { } revision)
            {
                ReviseMessage(session, entry.MessageSeq!.Value, revision, entry.At);
            }

            if (entry.Reaction is { } reaction)
            {
                EditReaction(session, entry.MessageSeq!.Value, reaction, change.Rev);
            }
        }
    }

    private void ReviseMessage(SqliteSession session, long seq, MessageRevision revision, DateTimeOffset at)
    {
        session.Execute(revision.Purged ? DropVersions : KeepVersion, Tenant, Conversation, seq);
        object? now = StoredTime.ToMicroseconds(at);
        var deletes = revision.Purged || revision.DeletedBy is not null;
        session.Execute(Revise, Tenant, Conversation, seq, (long)revision.Version, revision.Text, StoredMentions.Write(revision.Mentions),
            deletes ? null : now, deletes ? now : null, revision.DeletedBy?.Value);
        foreach (var user in revision.Mentioned)
        {
            session.Execute(Mention, Tenant, Conversation, seq, user.Value);
        }

        foreach (var user in revision.NotMentioned)
        {
            session.Execute(MentionNoMore, Tenant, Conversation, seq, user.Value);
        }
    }

    private void EditReaction(SqliteSession session, long seq, ReactionEdit reaction, long rev)
    {
        if (reaction.Added)
        {
            session.Execute(React, Tenant, Conversation, seq, reaction.Emoji, reaction.UserId.Value, rev);
            session.Execute(SetReacted, Tenant, Conversation, seq);
        }
        else
        {
            session.Execute(TakeBack, Tenant, Conversation, seq, reaction.Emoji, reaction.UserId.Value);
        }
    }

    private void WriteAudits(SqliteSession session)
    {
        foreach (var audit in plan.Audits)
        {
            session.Execute(Audit, Tenant, SqliteRows.Bytes(Guid.CreateVersion7(audit.At)), StoredTime.ToMicroseconds(audit.At),
                audit.ActorId.Value, audit.Action, Conversation, audit.Details);
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
            plan.Messages.Select(message => new CommandId(message.Entry.AuthorId, message.Entry.ClientId))
                .Concat(plan.Changes.Where(change => change.Entry.CommandId is not null).Select(change => change.Entry.CommandId!.Value)));
}
