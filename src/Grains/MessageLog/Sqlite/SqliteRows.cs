using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Sqlite;

/// <summary>How rows become what the contracts speak of.</summary>
internal static class SqliteRows
{
    private const string FindCommand =
        """
        select seq, rev, created_at, content_hash from messages
        where tenant_id = $1 and conversation_id = $2 and author_id = $3 and client_id = $4
        union all
        select coalesce(message_seq, seq), rev, at, content_hash from changes
        where tenant_id = $1 and conversation_id = $2 and author_id = $3 and client_id = $4
        """;

    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    internal static DateTimeOffset Time(this SqliteDataReader reader, int column) => StoredTime.FromMicroseconds(reader.GetInt64(column));

    internal static string? OptionalText(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static UserId User(this SqliteDataReader reader, int column) => new() { Value = reader.GetString(column) };

    internal static ConversationId Conversation(this SqliteDataReader reader, int column) => new() { Value = reader.GetString(column) };

    internal static DateTimeOffset? OptionalTime(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>A message from the columns of <see cref="MessageSql.Columns"/>.</summary>
    internal static Message Message(this SqliteDataReader reader, int column) => new()
    {
        Seq = reader.GetInt64(column),
        Rev = reader.GetInt64(column + 1),
        Kind = (MessageKind)reader.GetInt32(column + 2),
        AuthorId = reader.User(column + 3),
        AuthorName = reader.GetString(column + 4),
        ClientId = new Guid(reader.GetFieldValue<byte[]>(column + 5), bigEndian: true),
        Text = reader.GetString(column + 6),
        Fact = StoredFact.Read(reader.OptionalText(column + 7)),
        Time = reader.Time(column + 8),
        Version = reader.GetInt32(column + 9),
        EditedAt = reader.OptionalTime(column + 10),
        DeletedAt = reader.OptionalTime(column + 11),
        Mentions = StoredMentions.Read(reader.OptionalText(column + 12)),
        ReplyTo = reader.IsDBNull(column + 13) ? null : new MessageQuote
        {
            Seq = reader.GetInt64(column + 13),
            AuthorId = reader.User(column + 14),
            AuthorName = reader.GetString(column + 15),
            Text = reader.GetString(column + 16),
            Deleted = reader.GetInt64(column + 17) != 0,
        },
        Reactions = StoredReactions.Read(reader.OptionalText(column + 18)),
    };

    /// <summary>The message that a change is about, from seven columns: seq, author, version, text, posted, edited, deleted; null when the first is.</summary>
    internal static ChangedMessage? ChangedMessage(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : new ChangedMessage
    {
        Seq = reader.GetInt64(column),
        AuthorId = reader.User(column + 1),
        Version = reader.GetInt32(column + 2),
        Text = reader.GetString(column + 3),
        PostedAt = reader.Time(column + 4),
        EditedAt = reader.OptionalTime(column + 5),
        DeletedAt = reader.OptionalTime(column + 6),
    };

    internal static ImmutableArray<StoredCommand> FindCommands(
        SqliteSession session, TenantId tenant, ConversationId conversation, IEnumerable<CommandId> commands)
    {
        var found = ImmutableArray.CreateBuilder<StoredCommand>();
        foreach (var command in commands)
        {
            using var reader = session.Query(FindCommand, tenant.Value, conversation.Value, command.AuthorId.Value, Bytes(command.ClientId));
            if (reader.Read())
            {
                found.Add(new StoredCommand
                {
                    Id = command,
                    Seq = reader.GetInt64(0),
                    Rev = reader.GetInt64(1),
                    At = reader.Time(2),
                    ContentHash = ContentHash.FromBytes(reader.GetFieldValue<byte[]>(3)),
                });
            }
        }

        return found.DrainToImmutable();
    }
}
