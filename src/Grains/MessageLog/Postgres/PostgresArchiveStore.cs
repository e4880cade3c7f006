using System.Collections.Immutable;
using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>Archives from a PostgreSQL database.</summary>
internal sealed class PostgresArchiveStore(PostgresReaders readers) : IArchiveStore
{
    public Task<ArchivedConversation?> ReadConversationAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        ConversationAsync(ArchiveSql.Conversation, tenant, conversation.Value, cancellationToken);

    public Task<ArchivedConversation?> ReadNextConversationAsync(TenantId tenant, ConversationId? after, CancellationToken cancellationToken) =>
        ConversationAsync(ArchiveSql.NextConversation, tenant, after?.Value ?? string.Empty, cancellationToken);

    public Task<ImmutableArray<ArchivedMembership>> ReadMembershipsAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            ArchiveSql.Memberships,
            static async (reader, token) =>
            {
                var memberships = ImmutableArray.CreateBuilder<ArchivedMembership>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    memberships.Add(new ArchivedMembership(
                        reader.User(0), reader.GetInt64(1), reader.GetInt64(2), Number(reader, 3), Number(reader, 4)));
                }

                return memberships.DrainToImmutable();
            },
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value));

    public Task<ArchivePage<ArchivedMessage>> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, long afterSeq, int limit, CancellationToken cancellationToken) =>
        PageAsync<ArchivedMessage>(
            ArchiveSql.Messages,
            limit,
            static (rows, reader) => Message(reader) is var message && rows.TryAdd(message.Seq, message.Text.Length, message),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Number(afterSeq),
            Number(limit));

    public Task<ArchivePage<ArchivedVersion>> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, long firstSeq, long lastSeq, CancellationToken cancellationToken) =>
        PageAsync<ArchivedVersion>(
            ArchiveSql.Versions,
            int.MaxValue,
            static (rows, reader) => rows.TryAdd(
                reader.GetInt64(0),
                reader.GetString(2).Length,
                new ArchivedVersion(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.OptionalText(3), reader.Time(4))),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Number(firstSeq),
            Number(lastSeq));

    public Task<ArchivePage<ArchivedChange>> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, long afterRev, int limit, CancellationToken cancellationToken) =>
        PageAsync<ArchivedChange>(
            ArchiveSql.Changes,
            limit,
            static (rows, reader) => rows.TryAdd(
                reader.GetInt64(0),
                reader.GetString(5).Length,
                new ArchivedChange(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.Time(2),
                    Number(reader, 3),
                    reader.IsDBNull(4) ? null : reader.User(4),
                    reader.GetString(5))),
            cancellationToken,
            Text(tenant.Value),
            Text(conversation.Value),
            Number(afterRev),
            Number(limit));

    private Task<ArchivePage<T>> PageAsync<T>(
        string sql, int limit, Func<ArchiveRows<T>, NpgsqlDataReader, bool> tryAdd, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        readers.ReadAsync(
            sql,
            async (reader, token) =>
            {
                var rows = new ArchiveRows<T>(limit);
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    if (!tryAdd(rows, reader))
                    {
                        return rows.Page(more: true);
                    }
                }

                return rows.Page(more: false);
            },
            cancellationToken,
            parameters);

    private async Task<ArchivedConversation?> ConversationAsync(string sql, TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var found = await readers.ReadAsync(
            sql,
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? Conversation(reader) : null,
            cancellationToken,
            Text(tenant.Value),
            Text(id)).ConfigureAwait(false);
        if (found is null)
        {
            return null;
        }

        var titles = await readers.ReadAsync(
            ArchiveSql.FormerTitles,
            static async (reader, token) =>
            {
                var titles = ImmutableArray.CreateBuilder<string>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    titles.Add(reader.GetString(0));
                }

                return titles.DrainToImmutable();
            },
            cancellationToken,
            Text(tenant.Value),
            Text(found.Id.Value)).ConfigureAwait(false);
        return found with { FormerTitles = titles };
    }

    private static ArchivedConversation Conversation(NpgsqlDataReader reader) => new()
    {
        Id = new ConversationId { Value = reader.GetString(0) },
        Kind = (ConversationKind)reader.GetInt16(1),
        Title = reader.OptionalText(2),
        Head = new Head { Rev = reader.GetInt64(3), Seq = reader.GetInt64(4) },
        CreatedBy = reader.User(5),
        CreatedAt = reader.Time(6),
        RetentionDays = (int?)Number(reader, 7),
        LegalHold = reader.GetBoolean(8),
    };

    private static ArchivedMessage Message(NpgsqlDataReader reader) => new()
    {
        Seq = reader.GetInt64(0),
        Rev = reader.GetInt64(1),
        Kind = (MessageKind)reader.GetInt16(2),
        AuthorId = reader.User(3),
        ClientId = reader.GetGuid(4),
        Text = reader.GetString(5),
        Fact = reader.OptionalText(6),
        Time = reader.Time(7),
        Version = reader.GetInt32(8),
        EditedAt = reader.IsDBNull(9) ? null : reader.Time(9),
        DeletedAt = reader.IsDBNull(10) ? null : reader.Time(10),
        DeletedBy = reader.IsDBNull(11) ? null : reader.User(11),
        Mentions = reader.OptionalText(12),
        ReplyToSeq = Number(reader, 13),
    };

    private static long? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
