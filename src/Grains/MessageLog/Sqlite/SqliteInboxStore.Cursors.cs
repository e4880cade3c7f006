using System.Collections.Immutable;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Cursors that move back, and all at once.</summary>
internal sealed partial class SqliteInboxStore
{
    private const string MoveBack =
        """
        update participants set read_seq = max($4 - 1, joined_seq - 1, 0), read_version = read_version + 1
        where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null
            and read_seq > max($4 - 1, joined_seq - 1, 0)
        """;

    private const string IsMember =
        "select 1 from participants where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null";

    private const string MoveAll =
        """
        update participants as p indexed by participants_of_user
        set read_seq = c.seq, read_version = p.read_version + 1,
            undo_token = $3, undo_read_seq = p.read_seq, undo_version = p.read_version + 1
        from conversations c
        where p.tenant_id = $1 and p.user_id = $2 and p.left_seq is null
            and c.tenant_id = p.tenant_id and c.conversation_id = p.conversation_id and c.seq > p.read_seq
            and exists (
                select 1 from messages m
                where m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id and m.seq > p.read_seq and 
        """ + UnreadSql.Counts +
        """
        )
        returning conversation_id
        """;

    private const string MoveAllBack =
        """
        update participants indexed by participants_of_user
        set read_seq = undo_read_seq, read_version = read_version + 1
        where tenant_id = $1 and user_id = $2 and left_seq is null and undo_token = $3 and read_version = undo_version
        """;

    // Also what an earlier call with this token moved back, if it is still so: a repetition is answered alike.
    private const string MovedBack =
        """
        select conversation_id from participants indexed by participants_of_user
        where tenant_id = $1 and user_id = $2 and left_seq is null and undo_token = $3
            and read_version = undo_version + 1 and read_seq = undo_read_seq
        """;

    public Task<bool> MarkUnreadAsync(
        TenantId tenant, UserId user, ConversationId conversation, long fromSeq, CancellationToken cancellationToken) => WriteAsync(
            session =>
            {
                var moved = session.Execute(MoveBack, tenant.Value, user.Value, conversation.Value, fromSeq) == 1;
                return (moved || session.Number(IsMember, tenant.Value, user.Value, conversation.Value) is not null, moved);
            },
            cancellationToken);

    public Task<ImmutableArray<ConversationId>> MarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            var moved = ReadConversations(session, MoveAll, tenant.Value, user.Value, SqliteRows.Bytes(undo));
            return (moved, !moved.IsEmpty);
        },
        cancellationToken);

    public Task<ImmutableArray<ConversationId>> UndoMarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            var moved = session.Execute(MoveAllBack, tenant.Value, user.Value, SqliteRows.Bytes(undo)) > 0;
            return (ReadConversations(session, MovedBack, tenant.Value, user.Value, SqliteRows.Bytes(undo)), moved);
        },
        cancellationToken);

    private static ImmutableArray<ConversationId> ReadConversations(SqliteSession session, string sql, params ReadOnlySpan<object?> values)
    {
        var conversations = ImmutableArray.CreateBuilder<ConversationId>();
        using var reader = session.Query(sql, values);
        while (reader.Read())
        {
            conversations.Add(reader.Conversation(0));
        }

        return conversations.DrainToImmutable();
    }

    private Task<TAnswer> WriteAsync<TAnswer>(Func<SqliteSession, (TAnswer Answer, bool Keep)> run, CancellationToken cancellationToken) =>
        writer.WriteAsync(new SqliteStatements<TAnswer>(run), cancellationToken);
}
