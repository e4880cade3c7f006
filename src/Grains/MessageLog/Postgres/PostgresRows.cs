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

    /// <summary>A message from nine columns in a row: seq, rev, kind, author, name, client id, text, fact, created at.</summary>
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
