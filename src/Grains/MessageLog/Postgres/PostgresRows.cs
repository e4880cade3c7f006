using Npgsql;
using OrleansChat.Conversations;
using OrleansChat.Identity;

namespace OrleansChat.Grains.MessageLog.Postgres;

/// <summary>How rows become what the contracts speak of.</summary>
internal static class PostgresRows
{
    internal static DateTime Utc(DateTimeOffset time) => StoredTime.Truncate(time).UtcDateTime;

    internal static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    internal static string? OptionalText(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    internal static UserId User(this NpgsqlDataReader reader, int column) => new() { Value = reader.GetString(column) };

    internal static DateTimeOffset? OptionalTime(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>A message from the columns of <see cref="MessageSql.Columns"/>.</summary>
    internal static Message Message(this NpgsqlDataReader reader, int column) => new()
    {
        Seq = reader.GetInt64(column),
        Rev = reader.GetInt64(column + 1),
        Kind = (MessageKind)reader.GetInt16(column + 2),
        AuthorId = reader.User(column + 3),
        AuthorName = reader.GetString(column + 4),
        ClientId = reader.GetGuid(column + 5),
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
            Deleted = reader.GetBoolean(column + 17),
        },
        Reactions = StoredReactions.Read(reader.OptionalText(column + 18)),
    };

    /// <summary>The message that a change is about, from seven columns: seq, author, version, text, posted, edited, deleted; null when the first is.</summary>
    internal static ChangedMessage? ChangedMessage(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new ChangedMessage
    {
        Seq = reader.GetInt64(column),
        AuthorId = reader.User(column + 1),
        Version = reader.GetInt32(column + 2),
        Text = reader.GetString(column + 3),
        PostedAt = reader.Time(column + 4),
        EditedAt = reader.OptionalTime(column + 5),
        DeletedAt = reader.OptionalTime(column + 6),
    };

    /// <summary>A stored command from six columns in a row: author, client id, seq, rev, created at, content hash.</summary>
    internal static StoredCommand Command(NpgsqlDataReader reader, int column) => new()
    {
        Id = new CommandId(reader.User(column), reader.GetGuid(column + 1)),
        Seq = reader.GetInt64(column + 2),
        Rev = reader.GetInt64(column + 3),
        At = reader.Time(column + 4),
        ContentHash = ContentHash.FromBytes(reader.GetFieldValue<byte[]>(column + 5)),
    };
}
