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
        """;

    internal static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    internal static DateTimeOffset Time(this SqliteDataReader reader, int column) => StoredTime.FromMicroseconds(reader.GetInt64(column));

    internal static string? OptionalText(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static UserId User(this SqliteDataReader reader, int column) => new() { Value = reader.GetString(column) };

    internal static ConversationId Conversation(this SqliteDataReader reader, int column) => new() { Value = reader.GetString(column) };

    /// <summary>A message from nine columns in a row: seq, rev, kind, author, name, client id, text, fact, created at.</summary>
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
