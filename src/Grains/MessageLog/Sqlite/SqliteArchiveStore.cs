using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Grains.Tenants;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>Archives from a SQLite file.</summary>
internal sealed class SqliteArchiveStore(SqliteReaders readers) : IArchiveStore
{
    public Task<ArchivedConversation?> ReadConversationAsync(TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Conversation(session, ArchiveSql.Conversation, tenant, conversation.Value), cancellationToken);

    public Task<ArchivedConversation?> ReadNextConversationAsync(TenantId tenant, ConversationId? after, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Conversation(session, ArchiveSql.NextConversation, tenant, after?.Value ?? string.Empty), cancellationToken);

    public Task<ImmutableArray<ArchivedMembership>> ReadMembershipsAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var memberships = ImmutableArray.CreateBuilder<ArchivedMembership>();
                using var reader = session.Query(ArchiveSql.Memberships, tenant.Value, conversation.Value);
                while (reader.Read())
                {
                    memberships.Add(new ArchivedMembership(
                        reader.User(0), reader.GetInt64(1), reader.GetInt64(2), Number(reader, 3), Number(reader, 4)));
                }

                return memberships.DrainToImmutable();
            },
            cancellationToken);

    public Task<ArchivePage<ArchivedMessage>> ReadMessagesAsync(
        TenantId tenant, ConversationId conversation, long afterSeq, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => Page<ArchivedMessage>(
                session.Query(ArchiveSql.Messages, tenant.Value, conversation.Value, afterSeq, (long)limit),
                limit,
                static (rows, reader) => Message(reader) is var message && rows.TryAdd(message.Seq, message.Text.Length, message)),
            cancellationToken);

    public Task<ArchivePage<ArchivedVersion>> ReadVersionsAsync(
        TenantId tenant, ConversationId conversation, long firstSeq, long lastSeq, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => Page<ArchivedVersion>(
                session.Query(ArchiveSql.Versions, tenant.Value, conversation.Value, firstSeq, lastSeq),
                int.MaxValue,
                static (rows, reader) => rows.TryAdd(
                    reader.GetInt64(0),
                    reader.GetString(2).Length,
                    new ArchivedVersion(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.OptionalText(3), reader.Time(4)))),
            cancellationToken);

    public Task<ArchivePage<ArchivedChange>> ReadChangesAsync(
        TenantId tenant, ConversationId conversation, long afterRev, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => Page<ArchivedChange>(
                session.Query(ArchiveSql.Changes, tenant.Value, conversation.Value, afterRev, (long)limit),
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
                        reader.GetString(5)))),
            cancellationToken);

    private static ArchivePage<T> Page<T>(SqliteDataReader reader, int limit, Func<ArchiveRows<T>, SqliteDataReader, bool> tryAdd)
    {
        using (reader)
        {
            var rows = new ArchiveRows<T>(limit);
            while (reader.Read())
            {
                if (!tryAdd(rows, reader))
                {
                    return rows.Page(more: true);
                }
            }

            return rows.Page(more: false);
        }
    }

    private static ArchivedConversation? Conversation(SqliteSession session, string sql, TenantId tenant, string id)
    {
        using var reader = session.Query(sql, tenant.Value, id);
        if (!reader.Read())
        {
            return null;
        }

        var titles = ImmutableArray.CreateBuilder<string>();
        using var titleReader = session.Query(ArchiveSql.FormerTitles, tenant.Value, reader.GetString(0));
        while (titleReader.Read())
        {
            titles.Add(titleReader.GetString(0));
        }

        return new ArchivedConversation
        {
            Id = reader.Conversation(0),
            Kind = (ConversationKind)reader.GetInt32(1),
            Title = reader.OptionalText(2),
            FormerTitles = titles.DrainToImmutable(),
            Head = new Head { Rev = reader.GetInt64(3), Seq = reader.GetInt64(4) },
            CreatedBy = reader.User(5),
            CreatedAt = reader.Time(6),
            RetentionDays = (int?)Number(reader, 7),
            LegalHold = reader.GetInt64(8) != 0,
        };
    }

    private static ArchivedMessage Message(SqliteDataReader reader) => new()
    {
        Seq = reader.GetInt64(0),
        Rev = reader.GetInt64(1),
        Kind = (MessageKind)reader.GetInt32(2),
        AuthorId = reader.User(3),
        ClientId = new Guid(reader.GetFieldValue<byte[]>(4), bigEndian: true),
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

    private static long? Number(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
