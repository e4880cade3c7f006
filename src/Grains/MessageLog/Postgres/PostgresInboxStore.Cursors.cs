using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Cursors that move back, and all at once. Repeating each statement changes nothing, so they run where reads run.</summary>
internal sealed partial class PostgresInboxStore
{
    private const string MoveBack =
        """
        with moved as (
            update participants set read_seq = greatest($4 - 1, joined_seq - 1, 0), read_version = read_version + 1
            where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null
                and read_seq > greatest($4 - 1, joined_seq - 1, 0)
        )
        select exists (
            select 1 from participants where tenant_id = $1 and user_id = $2 and conversation_id = $3 and left_seq is null)
        """;

    // A repetition finds what was moved by the token.
    private const string MoveAll =
        """
        with moved as (
            update participants p set read_seq = c.seq, read_version = p.read_version + 1,
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
            returning p.conversation_id
        )
        select conversation_id from moved
        union
        select conversation_id from participants where tenant_id = $1 and user_id = $2 and left_seq is null and undo_token = $3
        """;

    private const string MoveAllBack =
        """
        with moved as (
            update participants set read_seq = undo_read_seq, read_version = read_version + 1
            where tenant_id = $1 and user_id = $2 and left_seq is null and undo_token = $3 and read_version = undo_version
            returning conversation_id
        )
        select conversation_id from moved
        union
        select conversation_id from participants
        where tenant_id = $1 and user_id = $2 and left_seq is null and undo_token = $3
            and read_version = undo_version + 1 and read_seq = undo_read_seq
        """;

    public Task<bool> MarkUnreadAsync(
        TenantId tenant, UserId user, ConversationId conversation, long fromSeq, CancellationToken cancellationToken) => WriteAsync(
            MoveBack,
            ReadFlagAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Text, conversation.Value),
            Value(NpgsqlDbType.Bigint, fromSeq));

    public Task<ImmutableArray<ConversationId>> MarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken) =>
        MoveManyAsync(MoveAll, tenant, user, undo, cancellationToken);

    public Task<ImmutableArray<ConversationId>> UndoMarkAllReadAsync(TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken) =>
        MoveManyAsync(MoveAllBack, tenant, user, undo, cancellationToken);

    private static async Task<bool> ReadFlagAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.GetBoolean(0);

    private static async Task<ImmutableArray<ConversationId>> ReadConversationsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var conversations = ImmutableArray.CreateBuilder<ConversationId>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            conversations.Add(new ConversationId { Value = reader.GetString(0) });
        }

        return conversations.DrainToImmutable();
    }

    private Task<ImmutableArray<ConversationId>> MoveManyAsync(
        string sql, TenantId tenant, UserId user, Guid undo, CancellationToken cancellationToken) => WriteAsync(
            sql,
            ReadConversationsAsync,
            cancellationToken,
            Value(NpgsqlDbType.Text, tenant.Value),
            Value(NpgsqlDbType.Text, user.Value),
            Value(NpgsqlDbType.Uuid, undo));

    /// <summary>Once more when it met the writer of read marks on its way (deadlock): that one goes on.</summary>
    private async Task<T> WriteAsync<T>(
        string sql, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        try
        {
            return await readers.ReadAsync(sql, read, cancellationToken, parameters).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception) when (exception.InnerException is { } inner && PostgresErrors.MayPassOnceMore(inner))
        {
            return await readers.ReadAsync(sql, read, cancellationToken, parameters).ConfigureAwait(false);
        }
    }
}
